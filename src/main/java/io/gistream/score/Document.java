package io.gistream.score;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A transcript and the summary that a person wrote of it.
 *
 * @param id unique within its data set
 * @param sourceDataset name of the data set; results are grouped by it
 * @param license of the text, as the data set states it; null when it does not
 * @param segments the transcript in the order said; has at least one word
 * @param summary the reference; has at least one word
 * @param aligned which segments each reference item speaks of; empty when nobody marked it
 */
public record Document(
    String id,
    String sourceDataset,
    @Nullable String license,
    List<Segment> segments,
    String summary,
    List<Aligned> aligned) {

  /** Speaking rate assumed where a transcript has no times: words per minute. */
  public static final double WORDS_PER_MINUTE = 150;

  private static final double SECONDS_PER_WORD = 60 / WORDS_PER_MINUTE;

  public Document {
    segments = List.copyOf(segments);
    aligned = List.copyOf(aligned);
    if (segments.stream().allMatch(segment -> Words.count(segment.text()) == 0)) {
      throw new IllegalArgumentException("Document " + id + " has no word in its segments");
    }
    if (Words.count(summary) == 0) {
      throw new IllegalArgumentException("Document " + id + " has no word in its summary");
    }
  }

  /**
   * A piece of the transcript: a caption, a turn, a paragraph.
   *
   * @param index position in the transcript, from 0
   * @param startSeconds from the beginning of the talk; null when not known
   * @param endSeconds from the beginning of the talk; null when not known
   */
  public record Segment(
      int index,
      String text,
      @Nullable String speaker,
      @Nullable Double startSeconds,
      @Nullable Double endSeconds) {

    /** A segment of which nothing is known but what was said. */
    public Segment(int index, String text) {
      this(index, text, null, null, null);
    }
  }

  /**
   * A part of the reference and where in the transcript it was said.
   *
   * @param segmentIndices indices of {@link Segment}s, ascending
   */
  public record Aligned(String summarySentence, List<Integer> segmentIndices) {
    public Aligned {
      segmentIndices = List.copyOf(segmentIndices);
    }
  }

  /** Words of the transcript, as {@link Words} counts them. */
  public int words() {
    return segments.stream().mapToInt(segment -> Words.count(segment.text())).sum();
  }

  /** The transcript as one text, speakers left out. */
  public String text() {
    return segments.stream().map(Segment::text).collect(Collectors.joining(" "));
  }

  /**
   * Length of the talk in minutes: from the earliest start to the latest end where the segments
   * have times (a segment without an end is taken to last as long as its words do at {@value
   * #WORDS_PER_MINUTE} words a minute), else all words at that rate.
   */
  public double minutes() {
    double start = Double.POSITIVE_INFINITY;
    double end = Double.NEGATIVE_INFINITY;
    for (var segment : segments) {
      Double from = segment.startSeconds();
      if (from != null) {
        Double to = segment.endSeconds();
        start = Math.min(start, from);
        end = Math.max(end, to != null ? to : from + spokenSeconds(segment));
      }
    }
    return end > start ? (end - start) / 60 : words() / WORDS_PER_MINUTE;
  }

  private static double spokenSeconds(Segment segment) {
    return Words.count(segment.text()) * SECONDS_PER_WORD;
  }
}
