package io.gistream.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gistream.avro.Source;
import io.gistream.avro.SummarySentence;
import io.gistream.summary.Words;

/**
 * How large a sentence of a summary may be. Budgets are counted in words, the records that hold the
 * sentences in bytes: this is what makes the one a bound of the other. No sentence that anybody
 * says comes near it.
 */
public final class SentenceSize {
  /** Most bytes of a sentence for each of its words, with all that is kept beside the text. */
  public static final int MAX_BYTES_PER_WORD = 112;

  /** Most of them that are text: it is in a summary up to four times. */
  public static final int MAX_TEXT_BYTES_PER_WORD = 64;

  /** Numbers of fixed or bounded length, and the lengths of the rest. */
  private static final int OTHER_BYTES = 64;

  private SentenceSize() {}

  static boolean isOrdinary(SummarySentence sentence) {
    long words = Words.count(sentence.getText());
    long text = bytes(sentence.getText());
    return text <= words * MAX_TEXT_BYTES_PER_WORD
        && text + bytes(sentence.getSource()) + OTHER_BYTES <= words * MAX_BYTES_PER_WORD;
  }

  private static long bytes(Source source) {
    long bytes = 0;
    for (long sequence : source.getSequences()) {
      bytes += variableLength(sequence);
    }
    for (String speaker : source.getSpeakers()) {
      bytes += 2 + bytes(speaker);
    }
    return bytes;
  }

  /** Of a number that is not negative, as Avro writes it. */
  private static int variableLength(long number) {
    return (Long.SIZE + 1 - Long.numberOfLeadingZeros(number) + 6) / 7;
  }

  private static int bytes(String text) {
    return text.getBytes(UTF_8).length;
  }
}
