package io.gistream.api;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Percent-encoding of one path segment, RFC 3986. Micronaut reads path variables as form data,
 * where a plus sign is a space.
 */
final class PathSegment {
  private static final String UNRESERVED = "-._~";

  private PathSegment() {}

  /**
   * The text of an encoded segment.
   *
   * @throws IllegalArgumentException when it is not UTF-8 in percent-encoding
   */
  static String decode(String segment) {
    ByteBuffer bytes = ByteBuffer.allocate(segment.length() * 3);
    for (int i = 0; i < segment.length(); i++) {
      char c = segment.charAt(i);
      if (c == '%') {
        bytes.put(escaped(segment, i));
        i += 2;
      } else {
        bytes.put(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("'" + segment + "' is not UTF-8 in percent-encoding", e);
    }
  }

  static String encode(String text) {
    StringBuilder segment = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || UNRESERVED.indexOf(c) >= 0;
      if (plain) {
        segment.append(c);
      } else {
        segment.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    return segment.toString();
  }

  private static byte escaped(String segment, int at) {
    try {
      return (byte) HexFormat.fromHexDigits(segment, at + 1, at + 3);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new IllegalArgumentException(
          "'%s': two hex digits must follow each %%".formatted(segment), e);
    }
  }
}
