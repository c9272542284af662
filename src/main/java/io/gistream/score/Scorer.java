package io.gistream.score;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs a system and the baselines over documents, all under the same budget, and scores them
 * against the references.
 */
public final class Scorer {
  private final SentenceSource sentences;

  /**
   * @param sentences where the baselines' sentences come from
   */
  public Scorer(SentenceSource sentences) {
    this.sentences = sentences;
  }

  /** Scores with all baselines. */
  public ScoreReport score(
      Iterable<Document> documents,
      Summarizer system,
      SentenceVectors vectors,
      Budget budget,
      ProgressListener progress) {
    return scoreAll(documents, system, vectors, budget, progress);
  }

  /** Scores with all baselines but TextRank, for want of sentence vectors. */
  public ScoreReport score(
      Iterable<Document> documents, Summarizer system, Budget budget, ProgressListener progress) {
    return scoreAll(documents, system, null, budget, progress);
  }

  private ScoreReport scoreAll(
      Iterable<Document> documents,
      Summarizer system,
      @Nullable SentenceVectors vectors,
      Budget budget,
      ProgressListener progress) {
    var scores = new ArrayList<DocumentScore>();
    for (var document : documents) {
      int words = budget.wordsFor(document);
      var run = system.run(document, words);
      var score = score(document, run, baselines(document, vectors, words), words);
      scores.add(score);
      progress.scored(document, run, score);
    }
    return new ScoreReport(budget, scores);
  }

  private Map<Method, String> baselines(
      Document document, @Nullable SentenceVectors vectors, int budgetWords) {
    List<String> all = sentences.sentences(document.segments());
    Map<Method, String> summaries = new EnumMap<>(Method.class);
    summaries.put(Method.LEAD, Extract.lead(all, budgetWords));
    summaries.put(Method.RANDOM, RandomSentences.summarize(document.id(), all, budgetWords));
    if (vectors != null) {
      summaries.put(Method.TEXTRANK, TextRank.summarize(all, vectors.encode(all), budgetWords));
    }
    summaries.put(Method.ORACLE, GreedyOracle.summarize(all, document.summary(), budgetWords));
    return summaries;
  }

  private static DocumentScore score(
      Document document, SummaryRun run, Map<Method, String> baselines, int budgetWords) {
    var reference = Rouge.against(document.summary());
    Map<Method, String> summaries = new EnumMap<>(baselines);
    summaries.put(Method.GISTREAM, Words.cut(run.finalText(), budgetWords));
    Map<Method, RougeScores> rouge = new EnumMap<>(Method.class);
    Map<Method, Integer> lengths = new EnumMap<>(Method.class);
    summaries.forEach(
        (method, summary) -> {
          rouge.put(method, reference.score(summary));
          lengths.put(method, Words.count(summary));
        });
    int words = document.words();
    double minutes = document.minutes();
    return new DocumentScore(
        document.id(),
        document.sourceDataset(),
        words,
        minutes,
        budgetWords,
        rouge,
        lengths,
        OnlineScores.of(run, reference, words, minutes, budgetWords),
        run.cpuSeconds());
  }
}
