package io.gistream.score;

import io.gistream.avro.ChunkStatus;
import io.gistream.avro.RollingSummary;
import io.gistream.avro.SummarySentence;
import io.gistream.avro.TranscriptChunk;
import io.gistream.config.SummaryOptions;
import io.gistream.model.SegmentReader;
import io.gistream.model.SummaryModel;
import io.gistream.session.LocalSummarizer;
import io.gistream.session.Outcome;
import io.gistream.session.Said;
import io.gistream.summary.DisplayText;
import io.gistream.summary.Selection;
import io.gistream.summary.SentenceSplitter;
import io.gistream.summary.SpokenSentence;
import io.gistream.summary.Utterance;
import io.gistream.transcript.TalkClock;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gistream itself as a system to be scored: each segment of a document is a chunk, through the code
 * that runs behind Kafka.
 */
public final class StreamedSummarizer implements Summarizer {
  private static final com.sun.management.OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);

  private final SummaryModel model;
  private final SummaryOptions options;
  private final Supplier<SegmentReader> readers;

  /**
   * @param readers gives a reader for each document
   */
  public StreamedSummarizer(
      SummaryModel model, SummaryOptions options, Supplier<SegmentReader> readers) {
    this.model = model;
    this.options = options;
    this.readers = readers;
  }

  @Override
  public SummaryRun run(Document document, int budgetWords) {
    long cpuBefore = PROCESS.getProcessCpuTime();
    LocalSummarizer summarizer =
        new LocalSummarizer(
            document.id(), model, options.withBudgetWords(budgetWords), readers.get());
    TalkClock clock = new TalkClock();
    List<Revision> revisions = new ArrayList<>();
    long[] wordsHeard = new long[document.segments().size()];
    @Nullable RollingSummary latest = null;
    long words = 0;
    for (int i = 0; i < document.segments().size(); i++) {
      TranscriptChunk chunk = chunk(document, i);
      words += Words.count(chunk.getText());
      wordsHeard[i] = words;
      for (Outcome outcome : summarizer.accept(new Said.Plain(chunk, clock.next(chunk)))) {
        if (outcome instanceof Outcome.Revised revised) {
          latest = revised.summary();
          revisions.add(revision(latest, words));
        }
      }
    }
    double cpuSeconds = (PROCESS.getProcessCpuTime() - cpuBefore) / 1e9;
    if (latest == null) {
      throw new IllegalStateException("the end marker gives a summary");
    }
    List<GroundedSentence> sentences = new ArrayList<>();
    for (SummarySentence sentence : latest.getSentences()) {
      sentences.add(grounded(document, sentence, wordsHeard));
    }
    return new SummaryRun(revisions, latest.getText(), sentences, cpuSeconds);
  }

  /**
   * The sentences that the summary itself chooses from, for the baselines: all of them cleaned, and
   * those left out that say too little. Without that TextRank, which loves what is alike, would
   * pick every "Okay." of a meeting.
   */
  public List<String> sentences(List<Document.Segment> segments) {
    Selection selection = new Selection(model.manifest().selection());
    List<Utterance> utterances =
        segments.stream().map(segment -> new Utterance(segment.text(), segment.speaker())).toList();
    List<String> shown =
        SentenceSplitter.split(utterances).stream()
            .map(SpokenSentence::text)
            .map(DisplayText::of)
            .filter(text -> !text.isEmpty())
            .toList();
    List<String> candidates = shown.stream().filter(selection::isCandidate).toList();
    return candidates.isEmpty() ? shown : candidates;
  }

  private static TranscriptChunk chunk(Document document, int index) {
    Document.Segment segment = document.segments().get(index);
    return new TranscriptChunk(
        document.id(),
        (long) index,
        segment.text(),
        segment.speaker(),
        millis(segment.startSeconds()),
        millis(segment.endSeconds()),
        ChunkStatus.CONFIRMED,
        index == document.segments().size() - 1,
        Map.of());
  }

  private static @Nullable Long millis(@Nullable Double seconds) {
    return seconds == null ? null : Math.round(seconds * 1000);
  }

  private static Revision revision(RollingSummary summary, long wordsHeard) {
    return new Revision(
        wordsHeard,
        summary.getSentences().stream()
            .map(sentence -> new Revision.Sentence(sentence.getId(), sentence.getText()))
            .toList(),
        summary.getProvisional());
  }

  private static GroundedSentence grounded(
      Document document, SummarySentence sentence, long[] wordsHeard) {
    List<Long> sequences = sentence.getSource().getSequences();
    StringBuilder cited = new StringBuilder();
    for (long sequence : sequences) {
      cited.append(document.segments().get(Math.toIntExact(sequence)).text()).append(' ');
    }
    int last = Math.toIntExact(sequences.get(sequences.size() - 1));
    return new GroundedSentence(
        sentence.getId(), sentence.getText(), cited.toString(), wordsHeard[last]);
  }
}
