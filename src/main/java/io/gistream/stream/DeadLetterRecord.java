package io.gistream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.function.LongPredicate;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a record that goes to the dead letters: all of it, unless no topic of ours would
 * take it. Then value, headers and key are left out, in this order, until it is small enough, and a
 * header says how many bytes each of them had; where the record is, the other headers say.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record DeadLetterRecord(byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
  static final String OMITTED_VALUE = "gistream-omitted-value-bytes";
  static final String OMITTED_HEADERS = "gistream-omitted-headers-bytes";
  static final String OMITTED_KEY = "gistream-omitted-key-bytes";

  /** Most bytes of key, value and headers together. */
  static final long MOST = ChunkIntake.MAX_RECORD_BYTES + OutputHeaders.MAX_ERROR_BYTES;

  /**
   * @param headers the original ones, and behind them those that {@link OutputHeaders#ofDeadLetter}
   *     adds
   * @param taken whether the topic takes a record of so many bytes, as far as is known
   */
  static DeadLetterRecord of(
      byte @Nullable [] key, byte @Nullable [] value, Headers headers, LongPredicate taken) {
    LongPredicate fits = bytes -> bytes <= MOST && taken.test(bytes);
    DeadLetterRecord letter = new DeadLetterRecord(key, value, headers);
    if (!letter.fits(fits)) {
      letter = new DeadLetterRecord(key, null, with(headers, OMITTED_VALUE, length(value)));
    }
    if (!letter.fits(fits)) {
      Headers own = new RecordHeaders();
      for (Header header : letter.headers()) {
        if (OutputHeaders.isOfDeadLetter(header.key())) {
          own.remove(header.key()); // a record may come with such a header
          own.add(header);
        }
      }
      long omitted =
          OutputHeaders.size(null, null, letter.headers()) - OutputHeaders.size(null, null, own);
      letter = new DeadLetterRecord(key, null, with(own, OMITTED_HEADERS, omitted));
    }
    if (!letter.fits(fits)) {
      letter = new DeadLetterRecord(null, null, with(letter.headers(), OMITTED_KEY, length(key)));
    }
    return letter;
  }

  /** As {@link #of}, but never with the value. */
  static DeadLetterRecord withoutValue(
      byte @Nullable [] key, byte @Nullable [] value, Headers headers, LongPredicate taken) {
    return value == null
        ? of(key, null, headers, taken)
        : of(key, null, with(headers, OMITTED_VALUE, value.length), taken);
  }

  private boolean fits(LongPredicate fits) {
    return fits.test(OutputHeaders.size(key, value, headers));
  }

  private static Headers with(Headers headers, String name, long bytes) {
    return headers.add(name, Long.toString(bytes).getBytes(UTF_8));
  }

  private static long length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }
}
