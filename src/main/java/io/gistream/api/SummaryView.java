package io.gistream.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.gistream.avro.RollingSummary;
import io.gistream.avro.SequenceRange;
import io.gistream.avro.Source;
import io.gistream.avro.SummarySentence;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A rolling summary as JSON: the fields of the Avro record, under the same names. */
public record SummaryView(
    String streamId,
    int epoch,
    long revision,
    String text,
    List<Sentence> sentences,
    List<String> added,
    List<String> removed,
    @Nullable Range covered,
    List<Range> gaps,
    boolean provisional,
    @JsonProperty("final") boolean last,
    @Nullable Long startMillis,
    @Nullable Long endMillis,
    long wordsHeard,
    String modelName,
    String modelVersion) {

  public record Sentence(
      long id, String text, float salience, float grounding, String origin, Cited source) {
    static Sentence of(SummarySentence sentence) {
      return new Sentence(
          sentence.getId(),
          sentence.getText(),
          sentence.getSalience(),
          sentence.getGrounding(),
          sentence.getOrigin().name(),
          Cited.of(sentence.getSource()));
    }
  }

  public record Cited(
      List<Long> sequences,
      @Nullable Long startMillis,
      @Nullable Long endMillis,
      List<String> speakers) {
    static Cited of(Source source) {
      return new Cited(
          source.getSequences(),
          source.getStartMillis(),
          source.getEndMillis(),
          source.getSpeakers());
    }
  }

  public record Range(long first, long last) {
    static Range of(SequenceRange range) {
      return new Range(range.getFirst(), range.getLast());
    }
  }

  public static SummaryView of(RollingSummary summary) {
    SequenceRange covered = summary.getCovered();
    return new SummaryView(
        summary.getStreamId(),
        summary.getEpoch(),
        summary.getRevision(),
        summary.getText(),
        summary.getSentences().stream().map(Sentence::of).toList(),
        summary.getAdded(),
        summary.getRemoved(),
        covered == null ? null : Range.of(covered),
        summary.getGaps().stream().map(Range::of).toList(),
        summary.getProvisional(),
        summary.getFinal$(),
        summary.getStartMillis(),
        summary.getEndMillis(),
        summary.getWordsHeard(),
        summary.getModelName(),
        summary.getModelVersion());
  }
}
