package io.gistream.summary;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Removes from a transcript what nobody said: caption tags, notes on sounds, control characters.
 */
final class Markup {
  private static final int LONGEST_NOTE = 80;

  private static final Pattern TAG =
      Pattern.compile(
          "/?(?:v|c|i|b|u|s|br|em|strong|font|span|p|div|ruby|rt|lang|sub|sup)(?:[\\s./][^<>]*)?"
              + "|/?\\d{1,2}:[\\d:.]+",
          Pattern.CASE_INSENSITIVE);

  /** "@ reject @" of the AMI corpus. */
  private static final Pattern AT_NOTE = Pattern.compile("(?<!\\S)@[^@]{0,20}@(?!\\S)");

  /** First words of a note such as "[laughter]" or "(inaudible 00:12)". */
  private static final Set<String> NOTES =
      Words.list(
          "applause applauding chuckle chuckles chuckling clears cough coughing coughs crosstalk"
              + " disfmarker exhales gasp gasps giggles groan groans gunshot inaudible"
              + " indecipherable indiscernible indistinct inhales laugh laughing laughs laughter"
              + " mumbles mumbling nonvocalsound sigh sighing sighs sneezes snorts sobs"
              + " unintelligible uninterpretable vocalsound whispering whispers yawns");

  /** As {@link #NOTES}, but words that people use in parentheses too: all of a note there. */
  private static final Set<String> DOUBTFUL_NOTES =
      Words.list(
          "audio background beep beeping blank breath breathing chatter cheering cheers clapping"
              + " cross crying foreign gap music noise overlapping pause phone silence singing"
              + " sings speaking speaks static unclear");

  private static final Set<String> LAUGHTER =
      Words.list("laugh laughs laughter laughing applause crosstalk inaudible unintelligible");

  private Markup() {}

  /** The text with a space in the place of each piece of markup. Linear in the text. */
  static String strip(String text) {
    StringBuilder out = new StringBuilder(text.length());
    Deque<Integer> openers = new ArrayDeque<>();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (isHalfOfPair(text, i)) {
        continue;
      }
      switch (c) {
        case '<', '[', '(', '{' -> {
          openers.push(out.length());
          out.append(c);
        }
        case '>', ']', ')', '}' -> {
          if (!openers.isEmpty() && isNote(out, openers.peek(), c)) {
            out.setLength(openers.pop());
            out.append(' ');
          } else {
            // no note holds a bracket
            openers.clear();
            out.append(c);
          }
        }
        case '♪', '♫', '\uFEFF' -> out.append(c == '\uFEFF' ? "" : " ");
        default -> out.append(Character.isISOControl(c) ? ' ' : c);
      }
    }
    return out.indexOf("@") < 0 ? out.toString() : AT_NOTE.matcher(out).replaceAll(" ");
  }

  private static boolean isHalfOfPair(String text, int i) {
    char c = text.charAt(i);
    if (!Character.isSurrogate(c)) {
      return false;
    }
    return Character.isHighSurrogate(c)
        ? i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1))
        : i == 0 || !Character.isHighSurrogate(text.charAt(i - 1));
  }

  private static boolean isNote(StringBuilder out, int opener, char closer) {
    int length = out.length() - opener - 1;
    if (length > LONGEST_NOTE) {
      return false;
    }
    String content = out.substring(opener + 1);
    return switch (out.charAt(opener)) {
      case '<' -> closer == '>' && TAG.matcher(content).matches();
      case '{' -> closer == '}' && content.chars().allMatch(c -> Character.isLetter(c) || c == ' ');
      case '[' -> closer == ']' && (isSound(content, true) || isShouted(content));
      default -> closer == ')' && isSound(content, false);
    };
  }

  private static boolean isSound(String content, boolean square) {
    String note = content.strip().toLowerCase(Locale.ROOT);
    List<String> words = Words.tokens(note);
    if (words.isEmpty()) {
      return false;
    }
    String first = words.get(0);
    return NOTES.contains(first)
        || (DOUBTFUL_NOTES.contains(first) && (square || words.size() == 1))
        || (words.size() <= 5 && words.stream().anyMatch(LAUGHTER::contains));
  }

  /** "[MUSIC PLAYING]", "[BLANK_AUDIO]", "[ __ ]", "[00:12:03]". */
  private static boolean isShouted(String content) {
    boolean spaced = content.indexOf(' ') > 0 || content.indexOf('_') >= 0;
    boolean timed = content.indexOf(':') > 0;
    return content.chars().allMatch(c -> Character.isUpperCase(c) || c == ' ' || c == '_') && spaced
        || timed && content.chars().allMatch(c -> Character.isDigit(c) || ":., ".indexOf(c) >= 0);
  }
}
