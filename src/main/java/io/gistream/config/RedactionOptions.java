package io.gistream.config;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What is masked in a chunk before anything is kept of it.
 *
 * @param kinds those that Gistream knows
 * @param expressions file with a name and a regular expression a line; empty for none
 * @param keepRejected whether a record that cannot be read goes to the dead letters with its value
 */
public record RedactionOptions(
    SortedSet<Kind> kinds, Optional<Path> expressions, boolean keepRejected) {

  /** In the order in which they are masked. */
  public enum Kind {
    EMAIL,
    CARD,
    PHONE
  }

  /** Empty when nothing is masked. */
  public static Optional<RedactionOptions> from(Settings settings) {
    SortedSet<Kind> kinds = new TreeSet<>();
    Arrays.stream(settings.get(GistreamOptions.REDACTION_PATTERNS).split(",", -1))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .forEach(name -> kinds.add(Kind.valueOf(name.toUpperCase(Locale.ROOT))));
    Optional<Path> expressions = settings.get(GistreamOptions.REDACTION_EXPRESSIONS);
    return kinds.isEmpty() && expressions.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new RedactionOptions(
                kinds, expressions, settings.get(GistreamOptions.REDACTION_KEEP_REJECTED)));
  }
}
