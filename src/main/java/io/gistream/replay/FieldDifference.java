package io.gistream.replay;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Where two records differ first.
 *
 * @param path such as {@code sentences[3].text}; {@code sentences.length} when one list is longer
 */
public record FieldDifference(String path, String expected, String actual) {
  static final String NOTHING = "(nothing)";

  /** In the order of the schema's fields; of two lists, the first elements that differ. */
  static Optional<FieldDifference> between(IndexedRecord expected, IndexedRecord actual) {
    return between("", expected, actual);
  }

  private static Optional<FieldDifference> between(
      String path, @Nullable Object expected, @Nullable Object actual) {
    if (expected instanceof IndexedRecord first && actual instanceof IndexedRecord second) {
      return betweenRecords(path, first, second);
    }
    if (expected instanceof List<?> first && actual instanceof List<?> second) {
      return betweenLists(path, first, second);
    }
    return Objects.equals(expected, actual)
        ? Optional.empty()
        : Optional.of(new FieldDifference(path, text(expected), text(actual)));
  }

  private static Optional<FieldDifference> betweenRecords(
      String path, IndexedRecord expected, IndexedRecord actual) {
    for (Schema.Field field : expected.getSchema().getFields()) {
      String name = path.isEmpty() ? field.name() : path + "." + field.name();
      Optional<FieldDifference> found =
          between(name, expected.get(field.pos()), actual.get(field.pos()));
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static Optional<FieldDifference> betweenLists(
      String path, List<?> expected, List<?> actual) {
    for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
      Optional<FieldDifference> found =
          between(path + "[" + i + "]", expected.get(i), actual.get(i));
      if (found.isPresent()) {
        return found;
      }
    }
    return expected.size() == actual.size()
        ? Optional.empty()
        : Optional.of(
            new FieldDifference(
                path + ".length",
                Integer.toString(expected.size()),
                Integer.toString(actual.size())));
  }

  private static String text(@Nullable Object value) {
    return value == null ? NOTHING : value.toString();
  }
}
