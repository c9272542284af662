package io.gistream.redaction;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * What a regular expression matches. In RE2's syntax, which has no look-around and no
 * back-references, and in return takes time in proportion to the text, whoever wrote it.
 */
record ExpressionMask(Pattern expression, String replacement) implements Mask {
  /**
   * @throws IllegalArgumentException when the expression is wrong, or matches no text at all
   */
  static ExpressionMask of(String name, String expression) {
    Pattern pattern;
    try {
      pattern = Pattern.compile(expression);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    if (pattern.matcher("").find()) {
      throw new IllegalArgumentException("matches the empty text, which is everywhere");
    }
    return new ExpressionMask(pattern, Matcher.quoteReplacement("[" + name + "]"));
  }

  @Override
  public String apply(String text) {
    Matcher matcher = expression.matcher(text);
    return matcher.find() ? matcher.replaceAll(replacement) : text;
  }
}
