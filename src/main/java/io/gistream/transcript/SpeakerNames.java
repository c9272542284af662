package io.gistream.transcript;

import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells the name of a speaker before a colon from anything else that stands there. */
final class SpeakerNames {
  private static final int LONGEST = 48;
  private static final int MOST_WORDS = 6;

  /** Roles and numbers that speech services and scribes write in the place of a name. */
  private static final Pattern ROLE =
      Pattern.compile(
          "(?:(?:unknown |unidentified )?(?:speaker|spk|person|participant|voice|guest|host|caller"
              + "|man|woman|male|female|user|agent|customer|channel)(?:[ _-]?(?:[0-9]{1,3}|[a-z]))?"
              + "|interviewer|interviewee|moderator|narrator|chair|chairman|chairwoman|chairperson"
              + "|operator|doctor|dr|patient|teacher|student|assistant|presenter|audience|all|both"
              + "|q|a|s[0-9]{1,2})",
          Pattern.CASE_INSENSITIVE);

  /** What stands before a colon in writing, but is nobody. */
  private static final Set<String> LABELS =
      new HashSet<>(
          Arrays.asList(
              ("note notes nb ps warning caution example examples tip tips hint important update"
                      + " todo action actions task tasks decision decisions agenda summary abstract"
                      + " conclusion conclusions introduction background context title subject"
                      + " topic topics date time duration location place venue re fwd cc bcc to"
                      + " from sent attachments source sources reference references see link links"
                      + " url http https ftp mailto file tel www chapter section part step figure"
                      + " table appendix keywords participants attendees attending present absent"
                      + " regrets apologies transcript transcription recording recorded meeting"
                      + " minutes version copyright kind language author published answer question"
                      + " result results reason reasons problem solution pros cons total remember"
                      + " namely however therefore also and but so then finally first second third")
                  .split(" ")));

  private static final Set<String> PARTICLES =
      new HashSet<>(
          Arrays.asList(
              ("van von der den de del della di da dos du la le el al bin ibn ter ten zu of the and"
                      + " y e und et")
                  .split(" ")));

  private static final Pattern PREFIX =
      Pattern.compile(
          "([^:\\[\\]<>\"“”?!;]{1," + LONGEST + "}?)\\s?[:：](?!//)\\s*(.*)", Pattern.DOTALL);

  private SpeakerNames() {}

  /** A name and what it said. */
  record Prefix(String name, String rest) {}

  /** What may be a name before a colon at the beginning of a line; null when nothing may. */
  static @Nullable Prefix prefix(String line) {
    Matcher matcher = PREFIX.matcher(line);
    if (!matcher.matches()) {
      return null;
    }
    String name = clean(matcher.group(1));
    String rest = matcher.group(2);
    boolean ofNumber =
        !rest.isEmpty()
            && Character.isDigit(rest.charAt(0))
            && Character.isDigit(line.charAt(matcher.end(1) - 1));
    return isNameLike(name) && !ofNumber ? new Prefix(name, rest) : null;
  }

  static String clean(String name) {
    return name.strip().replaceAll("\\s+", " ").replaceAll("^[-–—•*#_]+\\s*|[*_]+$", "").strip();
  }

  /** Whether it has the form of a name, be it written in small letters. */
  static boolean isNameLike(String name) {
    if (name.isEmpty()
        || name.length() > LONGEST
        || !Character.isLetter(name.codePointAt(0))
        || LABELS.contains(name.toLowerCase(Locale.ROOT))) {
      return false;
    }
    String[] words = name.split(" ");
    if (words.length > MOST_WORDS) {
      return false;
    }
    for (String word : words) {
      boolean opens = word.equals(words[0]);
      boolean plain =
          word.codePoints()
              .allMatch(
                  c -> Character.isLetterOrDigit(c) || isMark(c) || "'’.-_&/(),@|".indexOf(c) >= 0);
      if (!plain
          || (!opens && isLowerCase(word) && !PARTICLES.contains(word) && !word.startsWith("("))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLowerCase(String word) {
    return Character.isLowerCase(word.codePointAt(0));
  }

  private static boolean isMark(int codePoint) {
    int type = Character.getType(codePoint);
    return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
  }

  static boolean isRole(String name) {
    return ROLE.matcher(name).matches();
  }

  /**
   * The names that stand before a colon in these lines: roles, names that are repeated, and all of
   * them when most lines have one.
   */
  static Set<String> consistent(List<String> lines) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    int filled = 0;
    int named = 0;
    for (String line : lines) {
      if (line.isBlank()) {
        continue;
      }
      filled++;
      Prefix prefix = prefix(line);
      if (prefix != null) {
        named++;
        counts.merge(prefix.name(), 1, Integer::sum);
      }
    }
    boolean dialogue = counts.size() >= 2 && named * 5 >= filled * 3;
    long repeated = counts.values().stream().filter(count -> count >= 2).count();
    Set<String> accepted = new HashSet<>();
    for (Map.Entry<String, Integer> entry : counts.entrySet()) {
      String name = entry.getKey();
      int count = entry.getValue();
      boolean often = count >= 2 && (repeated >= 2 || count >= 3 || count * 5 >= filled);
      boolean capitalised = !isLowerCase(name);
      if (isRole(name) || dialogue || (often && (capitalised || count * 3 >= filled))) {
        accepted.add(name);
      }
    }
    return accepted;
  }
}
