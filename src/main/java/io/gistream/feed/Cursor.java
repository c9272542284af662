package io.gistream.feed;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far somebody has read of one stream: the next record of the chunks topic and of the summaries
 * topic that he has not seen. Good for as long as the topics are, at any instance.
 */
public record Cursor(Position chunks, Position summaries) {
  private static final Pattern FORM =
      Pattern.compile("c(\\d{1,9})\\.(\\d{1,18})-s(\\d{1,9})\\.(\\d{1,18})");

  /** Reads {@link #toString()}; empty when it is something else. */
  public static Optional<Cursor> parse(String text) {
    Matcher form = FORM.matcher(text);
    return form.matches()
        ? Optional.of(
            new Cursor(
                new Position(Integer.parseInt(form.group(1)), Long.parseLong(form.group(2))),
                new Position(Integer.parseInt(form.group(3)), Long.parseLong(form.group(4)))))
        : Optional.empty();
  }

  /** Having seen one more record. */
  public Cursor after(FeedRecord record) {
    return record instanceof FeedRecord.Chunk
        ? new Cursor(record.position().next(), summaries)
        : new Cursor(chunks, record.position().next());
  }

  @Override
  public String toString() {
    return "c%d.%d-s%d.%d"
        .formatted(chunks.partition(), chunks.offset(), summaries.partition(), summaries.offset());
  }
}
