package io.gistream.redaction;

import java.util.ArrayList;
import java.util.List;

/**
 * Card numbers: 13 to 19 digits, single blanks or hyphens between them or none, that begin and end
 * where a group of digits does and have the check digit of ISO/IEC 7812 (Luhn).
 */
final class CardMask implements Mask {
  private static final int FEWEST = 13;
  private static final int MOST = 19;
  private static final String REPLACEMENT = "[card]";

  @Override
  public String apply(String text) {
    StringBuilder masked = new StringBuilder();
    int copied = 0;
    int at = 0;
    while (at < text.length()) {
      if (!isDigit(text, at)) {
        at++;
        continue;
      }
      List<Integer> run = run(text, at);
      int next = run.get(run.size() - 1) + 1;
      for (int first = 0; first + FEWEST <= run.size(); first++) {
        int last = lastOfCard(text, run, first);
        if (last >= 0) {
          masked.append(text, copied, run.get(first)).append(REPLACEMENT);
          copied = run.get(last) + 1;
          first = last;
        }
      }
      at = next;
    }
    return copied == 0 ? text : masked.append(text, copied, text.length()).toString();
  }

  /** Positions of digits that follow each other with at most one blank or hyphen between. */
  private static List<Integer> run(String text, int from) {
    List<Integer> run = new ArrayList<>();
    int at = from;
    while (true) {
      run.add(at);
      if (isDigit(text, at + 1)) {
        at += 1;
      } else if (isSeparator(text, at + 1) && isDigit(text, at + 2)) {
        at += 2;
      } else {
        return run;
      }
    }
  }

  /** Of the longest card that begins with a digit of the run; -1 when none does. */
  private static int lastOfCard(String text, List<Integer> run, int first) {
    if (isDigit(text, run.get(first) - 1)) {
      return -1;
    }
    for (int digits = Math.min(MOST, run.size() - first); digits >= FEWEST; digits--) {
      int last = first + digits - 1;
      if (!isDigit(text, run.get(last) + 1) && hasCheckDigit(text, run, first, last)) {
        return last;
      }
    }
    return -1;
  }

  private static boolean hasCheckDigit(String text, List<Integer> run, int first, int last) {
    int sum = 0;
    boolean different = false;
    for (int i = last; i >= first; i--) {
      int digit = text.charAt(run.get(i)) - '0';
      different |= text.charAt(run.get(i)) != text.charAt(run.get(first));
      int doubled = (last - i) % 2 == 0 ? digit : 2 * digit;
      sum += doubled > 9 ? doubled - 9 : doubled;
    }
    return different && sum % 10 == 0; // a row of zeros is no card
  }

  private static boolean isDigit(String text, int at) {
    return at >= 0 && at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
  }

  private static boolean isSeparator(String text, int at) {
    return at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '-');
  }
}
