package io.gistream.transcript;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Times as files write them, in milliseconds. */
final class Timestamps {
  /** Minutes and seconds, perhaps hours and a fraction, perhaps the half of the day. */
  static final String CLOCK =
      "(?:\\d{1,3}:)?\\d{1,3}:\\d{1,2}(?:[.,]\\d{1,9})?(?:\\s?[AaPp]\\.?[Mm]\\.?)?";

  private static final Pattern PARTS =
      Pattern.compile(
          "(?:(?:(\\d{1,5}):)?(\\d{1,5}):)?(\\d{1,9})(?:[.,](\\d{1,9}))?(?:\\s?([AaPp])\\.?[Mm]\\.?)?");

  private static final Pattern SECONDS = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)\\s?s");

  /** Behind this a number of seconds is a date, not a time of the talk: 31 years. */
  private static final double MOST_SECONDS = 1e9;

  private Timestamps() {}

  /** "1:02:03.4", "02:03,4", "3.4", "3.4s"; null when it is none of these. */
  static @Nullable Long parse(String text) {
    String time = text.strip();
    if (time.length() > 40) {
      return null;
    }
    Matcher seconds = SECONDS.matcher(time);
    if (seconds.matches()) {
      return ofSeconds(Double.parseDouble(seconds.group(1)));
    }
    Matcher parts = PARTS.matcher(time);
    if (!parts.matches()) {
      return null;
    }
    long hours = number(parts.group(1));
    if (parts.group(5) != null && parts.group(2) != null) {
      // a time of day: "10:02 PM" has hours where "10:02" has minutes
      boolean pm = parts.group(5).equalsIgnoreCase("p");
      long hour = parts.group(1) == null ? number(parts.group(2)) : hours;
      long minute = parts.group(1) == null ? number(parts.group(3)) : number(parts.group(2));
      long second = parts.group(1) == null ? 0 : number(parts.group(3));
      return ((hour % 12 + (pm ? 12 : 0)) * 3600 + minute * 60 + second) * 1000;
    }
    long whole = hours * 3600 + number(parts.group(2)) * 60 + number(parts.group(3));
    if (whole > MOST_SECONDS) {
      return null;
    }
    String fraction = parts.group(4) == null ? "" : parts.group(4);
    return whole * 1000 + number((fraction + "000").substring(0, 3));
  }

  /** Null for what is no time of a talk: not a number, or a date. */
  static @Nullable Long ofSeconds(double seconds) {
    return Math.abs(seconds) < MOST_SECONDS ? (Long) Math.round(seconds * 1000) : null;
  }

  private static long number(@Nullable String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }
}
