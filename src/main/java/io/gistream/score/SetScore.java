package io.gistream.score;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Means over the documents of one data set, each document counted once. A value that a document
 * does not have (NaN) is left out of the mean; a mean of nothing is NaN.
 *
 * @param name of the data set
 * @param documents how many
 * @param words of a transcript
 * @param minutes of a transcript
 * @param budgetWords most words of a summary
 * @param rouge of each method that every document has
 * @param summaryWords of each method
 * @param online of the system
 * @param cpuSecondsPerTranscriptMinute of the system: all its CPU-seconds / all minutes
 */
public record SetScore(
    String name,
    int documents,
    double words,
    double minutes,
    double budgetWords,
    Map<Method, RougeScores> rouge,
    Map<Method, Double> summaryWords,
    OnlineScores online,
    double cpuSecondsPerTranscriptMinute) {

  public SetScore {
    rouge = Collections.unmodifiableMap(new EnumMap<>(rouge));
    summaryWords = Collections.unmodifiableMap(new EnumMap<>(summaryWords));
  }

  static SetScore of(String name, List<DocumentScore> scores) {
    Map<Method, RougeScores> rouge = new EnumMap<>(Method.class);
    Map<Method, Double> lengths = new EnumMap<>(Method.class);
    for (var method : Method.values()) {
      if (scores.stream().allMatch(score -> score.rouge().containsKey(method))) {
        var ofMethod = scores.stream().map(score -> rougeOf(score, method)).toList();
        rouge.put(method, mean(ofMethod));
        lengths.put(method, mean(scores, s -> s.summaryWords().getOrDefault(method, 0)));
      }
    }
    double minutes = mean(scores, DocumentScore::minutes);
    return new SetScore(
        name,
        scores.size(),
        mean(scores, DocumentScore::words),
        minutes,
        mean(scores, DocumentScore::budgetWords),
        rouge,
        lengths,
        meanOnline(scores.stream().map(DocumentScore::online).toList()),
        mean(scores, DocumentScore::cpuSeconds) / minutes);
  }

  private static RougeScores rougeOf(DocumentScore score, Method method) {
    var rouge = score.rouge().get(method);
    if (rouge == null) {
      throw new IllegalStateException("Document " + score.id() + " has no score of " + method);
    }
    return rouge;
  }

  private static RougeScores mean(List<RougeScores> scores) {
    return new RougeScores(
        meanScore(scores.stream().map(RougeScores::rouge1).toList()),
        meanScore(scores.stream().map(RougeScores::rouge2).toList()),
        meanScore(scores.stream().map(RougeScores::rougeL).toList()));
  }

  private static RougeScore meanScore(List<RougeScore> scores) {
    return new RougeScore(
        mean(scores, RougeScore::precision),
        mean(scores, RougeScore::recall),
        mean(scores, RougeScore::f1));
  }

  private static OnlineScores meanOnline(List<OnlineScores> scores) {
    return new OnlineScores(
        mean(scores, OnlineScores::r1Auc),
        mean(scores, OnlineScores::normalisedErasure),
        mean(scores, OnlineScores::normalisedErasureConfirmed),
        mean(scores, OnlineScores::redundancy),
        mean(scores, OnlineScores::groundingShare),
        mean(scores, OnlineScores::expectedLatencyWords),
        mean(scores, OnlineScores::expectedLatencySeconds));
  }

  private static <T> double mean(List<T> items, ToDoubleFunction<T> value) {
    return items.stream()
        .mapToDouble(value)
        .filter(x -> !Double.isNaN(x))
        .average()
        .orElse(Double.NaN);
  }
}
