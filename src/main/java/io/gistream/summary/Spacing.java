package io.gistream.summary;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Puts punctuation that stands alone back to its word: "okay ." "Mm - hmm". */
final class Spacing {
  private static final Set<String> HUMS = Set.of("mm", "mmm", "mhm", "uh", "um", "hm", "unh");
  private static final Set<String> HUM_ENDS = Set.of("hmm", "hm", "mm", "mmm", "huh", "hum");

  private static final Pattern SPELLED = Pattern.compile("[A-Z](?:_[A-Z])*+_?(?:['’]s)?");

  private Spacing() {}

  static List<Token> repair(List<Token> torn, English english) {
    List<Token> tokens = dropLoneUnderscores(closeQuotes(torn));
    List<Token> out = new ArrayList<>(tokens.size());
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      Token last = out.isEmpty() ? null : out.get(out.size() - 1);
      Token next = i + 1 < tokens.size() ? tokens.get(i + 1) : null;
      if (last != null
          && next != null
          && token.isDash()
          && HUMS.contains(last.key())
          && last.trail().isEmpty()
          && HUM_ENDS.contains(next.key())) {
        out.set(
            out.size() - 1,
            Token.parse(last.lead() + last.core() + "-" + next.core() + next.trail()));
        i++;
      } else if (last != null && attaches(last, token, next, english)) {
        out.set(out.size() - 1, last.withTrail(last.trail() + token.trail()));
      } else {
        out.add(token);
      }
    }
    out.replaceAll(token -> token.withTrail(tidy(token)));
    out.replaceAll(Spacing::joinLetters);
    return out;
  }

  /** What some corpora leave of a spelled-out word: "T_V _, a recorder". */
  private static List<Token> dropLoneUnderscores(List<Token> tokens) {
    List<Token> out = new ArrayList<>(tokens.size());
    for (Token token : tokens) {
      Token kept = token.isPunctuation() ? token.withTrail(token.trail().replace("_", "")) : token;
      if (!kept.isPunctuation() || !kept.trail().isEmpty()) {
        out.add(kept);
      }
    }
    return out;
  }

  /** Quotes that stand alone open and close in turn; one without another is dropped. */
  private static List<Token> closeQuotes(List<Token> tokens) {
    long quotes = tokens.stream().filter(Spacing::isQuote).count();
    if (quotes == 0) {
      return tokens;
    }
    List<Token> out = new ArrayList<>(tokens.size());
    boolean pairs = quotes % 2 == 0;
    boolean open = false;
    for (Token token : tokens) {
      int last = out.size() - 1;
      if (!isQuote(token)) {
        boolean opens = open && last >= 0 && isQuote(out.get(last)) && !token.isPunctuation();
        if (opens) {
          out.set(last, token.withLead('"' + token.lead()));
        } else {
          out.add(token);
        }
      } else if (pairs && open && last >= 0 && !isQuote(out.get(last))) {
        out.set(last, out.get(last).withTrail(out.get(last).trail() + '"'));
        open = false;
      } else if (pairs) {
        out.add(token);
        open = true;
      }
    }
    out.removeIf(Spacing::isQuote);
    return out;
  }

  private static boolean isQuote(Token token) {
    return token.isPunctuation() && token.trail().equals("\"");
  }

  private static boolean attaches(Token last, Token token, @Nullable Token next, English english) {
    if (!token.isPunctuation() || token.trail().isEmpty()) {
      return false;
    }
    // French and others write a space before ! ? : ;
    String marks = english == English.NO ? ",.…" : ",.…!?:;";
    boolean punctuation = token.trail().chars().allMatch(c -> marks.indexOf(c) >= 0);
    boolean inNumber =
        next != null
            && !next.isPunctuation()
            && next.lead().isEmpty()
            && endsWithDigit(last)
            && Character.isDigit(next.core().codePointAt(0));
    boolean closer =
        token.trail().chars().allMatch(c -> ")]}”»".indexOf(c) >= 0) && !last.isPunctuation();
    return closer || (punctuation && !(inNumber && !token.trail().equals(",")));
  }

  private static boolean endsWithDigit(Token token) {
    return token.trail().isEmpty()
        && !token.core().isEmpty()
        && Character.isDigit(token.core().codePointBefore(token.core().length()));
  }

  /** "okay,." is "okay.", "Right.," and "Right?," are "Right,". */
  private static String tidy(Token token) {
    String trail = token.trail();
    if (trail.length() < 2 || token.isPunctuation()) {
      return trail;
    }
    StringBuilder tidy = new StringBuilder(trail.length());
    for (int i = 0; i < trail.length(); i++) {
      char c = trail.charAt(i);
      int before = tidy.length() - 1;
      boolean comma = c == ',' || c == ';';
      if (before >= 0 && comma && tidy.charAt(before) == c) {
        continue;
      }
      if (c == ','
          && (tidy.toString().equals("?")
              || tidy.toString().equals("!")
              || (tidy.toString().equals(".") && !Abbreviations.isKnown(token.core())))) {
        tidy.setLength(0);
      } else if (Punctuation.isTerminal(c)) {
        while (tidy.length() > 0 && ",;".indexOf(tidy.charAt(tidy.length() - 1)) >= 0) {
          tidy.setLength(tidy.length() - 1);
        }
      }
      tidy.append(c);
    }
    return tidy.toString();
  }

  /** Letters spelled out as some corpora write them: "T_F_T_" is "TFT". */
  private static Token joinLetters(Token token) {
    String word = token.core() + (token.trail().startsWith("_") ? "_" : "");
    if (word.indexOf('_') < 0 || !SPELLED.matcher(word).matches()) {
      return token;
    }
    String trail = token.trail().startsWith("_") ? token.trail().substring(1) : token.trail();
    return Token.parse(token.lead() + word.replace("_", "") + trail);
  }
}
