package io.gistream.transcript;

/** A transcript that cannot be read; the message is one line and says where, why and what to do. */
public final class TranscriptException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TranscriptException(String message) {
    super(message);
  }

  TranscriptException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The beginning of a piece of input, fit for a message of one line. */
  static String excerpt(String text) {
    String line = text.strip().replaceAll("[\\s\\p{Cntrl}]+", " ");
    int end = Math.min(line.length(), 60);
    if (end < line.length() && Character.isHighSurrogate(line.charAt(end - 1))) {
      end--;
    }
    return end < line.length() ? line.substring(0, end) + "…" : line;
  }
}
