package io.gistream.summary;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Removes what only fills a pause: "um", "you know,", "so, yeah,". */
final class Fillers {
  /** As their runs of letters are shortened to one: "uhmmm" is "uhm". */
  private static final Set<String> SOUNDS = Set.of("um", "uh", "uhm", "erm", "hm", "mhm", "ehm");

  /** Words in other languages, or of their own: only between English words or set off. */
  private static final Set<String> DOUBTFUL = Set.of("um", "er", "ah", "mm", "eh", "ehm");

  private static final Set<String> HUMS = Set.of("mm-hmm", "mm-hm", "mm-mm", "mmhmm", "uh-huh");

  private static final Set<String> NUMBERS =
      Words.list(
          "zero one two three four five six seven eight nine ten eleven twelve twenty thirty forty"
              + " fifty sixty seventy eighty ninety hundred thousand million few");

  /** A comma behind one of these was that of the filler. */
  private static final Set<String> NEVER_BEFORE_COMMA =
      Words.list(
          "a an the and or of to in on at is are was were be been am it's that's we're they're i'm"
              + " you're he's she's for with my your our their his her if because from by into"
              + " will would can could should must has have had very just");

  private static final Set<String> CONJUNCTIONS = Set.of("and", "but", "so", "because", "or");

  private static final Set<String> LEADS =
      Words.list("so and yeah yep okay ok alright oh well right now anyway");

  private static final Set<String> BARE_LEADS =
      Set.of("so", "and", "yeah", "okay", "ok", "oh", "alright");

  private static final Set<String> STARTERS =
      Words.list(
          "i we you they it he she this that these those there the our my your if when what so"
              + " then first second also now at in on for with after as another one both all"
              + " i'm i'll i've i'd we're we'll we've we'd you're you'll you've they're they'll"
              + " it's that's there's he's she's let's");

  private static final Set<String> ANSWERS = Set.of("no", "yes", "not", "nope", "never");

  private Fillers() {}

  static List<Token> drop(List<Token> tokens, English english) {
    if (english == English.NO) {
      return tokens;
    }
    boolean shouted = tokens.stream().allMatch(t -> t.isPunctuation() || !hasLowerCase(t.core()));
    boolean alone = tokens.stream().allMatch(t -> t.isPunctuation() || isSound(t, true));
    List<Token> kept = new ArrayList<>(tokens.size());
    for (int i = 0; i < tokens.size(); ) {
      int length = fillerAt(tokens, i, kept, english, shouted, alone);
      if (length == 0) {
        kept.add(tokens.get(i++));
        continue;
      }
      Token filler = tokens.get(i + length - 1);
      i += length;
      leave(kept, filler, i < tokens.size() ? tokens.get(i) : null);
    }
    return kept;
  }

  /** Hands the punctuation behind a removed filler to the word before it. */
  private static void leave(List<Token> kept, Token filler, @Nullable Token next) {
    if (kept.isEmpty()) {
      return;
    }
    Token last = kept.get(kept.size() - 1);
    boolean comma = last.trail().equals(",");
    if (isStop(filler.trail()) && (last.trail().isEmpty() || comma)) {
      kept.set(kept.size() - 1, last.withTrail(filler.trail()));
    } else if (comma && filler.endsWithComma() && isBothCommasOf(filler, last, next)) {
      kept.set(kept.size() - 1, last.withTrail(""));
    }
  }

  private static boolean isStop(String trail) {
    return !trail.isEmpty() && ".?!".indexOf(trail.charAt(0)) >= 0 && !trail.startsWith("..");
  }

  /** Whether the words around ", like," belong together without a comma. */
  private static boolean isBothCommasOf(Token filler, Token last, @Nullable Token next) {
    if (NEVER_BEFORE_COMMA.contains(last.key())) {
      return true;
    }
    return filler.key().equals("like")
        && next != null
        && !last.isCapitalised()
        && !next.isCapitalised()
        && !STARTERS.contains(next.key())
        && !CONJUNCTIONS.contains(next.key());
  }

  /** Number of tokens of the filler that begins here; 0 when none does. */
  private static int fillerAt(
      List<Token> tokens,
      int i,
      List<Token> kept,
      English english,
      boolean shouted,
      boolean alone) {
    Token token = tokens.get(i);
    if (token.isPunctuation() || !isBare(token)) {
      return 0;
    }
    Token last = kept.isEmpty() ? null : kept.get(kept.size() - 1);
    boolean lastToken = i + 1 == tokens.size();
    if (isSound(token, shouted)) {
      boolean afterNumber =
          last != null && (NUMBERS.contains(last.key()) || Character.isDigit(lastChar(last)));
      boolean setOff = token.trail().startsWith(",") || alone;
      boolean doubtful = DOUBTFUL.contains(token.key());
      boolean measure = token.key().equals("mm") && afterNumber;
      return measure || (doubtful && english != English.YES && !setOff) ? 0 : 1;
    }
    boolean afterComma = last != null && last.endsWithComma();
    boolean opens = last == null || afterComma || CONJUNCTIONS.contains(last.key());
    if (!opens) {
      return 0;
    }
    if (token.key().equals("like")) {
      return token.trail().equals(",") || (afterComma && lastToken && !isQuestion(token)) ? 1 : 0;
    }
    if (lastToken || !token.trail().isEmpty()) {
      return 0;
    }
    Token second = tokens.get(i + 1);
    boolean pair =
        (token.key().equals("you") && second.key().equals("know"))
            || (token.key().equals("i") && second.key().equals("mean"));
    boolean closes =
        second.trail().equals(",")
            || (afterComma && i + 2 == tokens.size() && isBare(second) && !isQuestion(second));
    return pair && second.lead().isEmpty() && closes ? 2 : 0;
  }

  private static boolean isQuestion(Token token) {
    return token.trail().contains("?");
  }

  /** No quotes, no brackets: it is said, not spoken of. */
  private static boolean isBare(Token token) {
    return token.lead().chars().allMatch(c -> "-–—".indexOf(c) >= 0)
        && token.trail().chars().allMatch(c -> ",.;:!?…-–—".indexOf(c) >= 0);
  }

  private static boolean isSound(Token token, boolean shouted) {
    if (token.isAllCapitals() && !shouted) {
      // ER and UM are names
      return false;
    }
    String key = token.key();
    if (HUMS.contains(key) || DOUBTFUL.contains(key)) {
      return true;
    }
    if (key.length() > 12) {
      return false;
    }
    StringBuilder sound = new StringBuilder();
    for (int i = 0; i < key.length(); i++) {
      if (i == 0 || key.charAt(i) != key.charAt(i - 1)) {
        sound.append(key.charAt(i));
      }
    }
    return SOUNDS.contains(sound.toString())
        || (key.length() > 2 && (sound.toString().equals("m") || sound.toString().equals("ah")));
  }

  private static int lastChar(Token token) {
    return token.isPunctuation() ? ' ' : token.core().codePointBefore(token.core().length());
  }

  private static boolean hasLowerCase(String text) {
    return text.codePoints().anyMatch(Character::isLowerCase);
  }

  /** Removes opening particles that carry nothing: "Okay, so, yeah, we ship." */
  static List<Token> dropLeads(List<Token> tokens) {
    int begin = 0;
    while (begin + 2 < tokens.size()) {
      Token lead = tokens.get(begin);
      Token next = tokens.get(begin + 1);
      boolean setOff = lead.trail().equals(",") && LEADS.contains(lead.key());
      boolean bare =
          lead.trail().isEmpty() && (opensAnything(lead, next) || isSoAgain(begin, lead));
      if (!lead.lead().isEmpty() || !(setOff || bare) || ANSWERS.contains(next.key())) {
        break;
      }
      begin++;
    }
    return tokens.subList(begin, tokens.size());
  }

  private static boolean opensAnything(Token lead, Token next) {
    return BARE_LEADS.contains(lead.key())
        && (STARTERS.contains(next.key()) || BARE_LEADS.contains(next.key()));
  }

  private static boolean isSoAgain(int leads, Token lead) {
    return leads > 0 && lead.key().equals("so");
  }
}
