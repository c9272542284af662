package io.gistream.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.gistream.model.GoldensReport;
import io.gistream.model.GoldensReport.Comparison;
import io.gistream.model.PackageDescription;
import io.gistream.model.PackageDescription.PackageFile;
import io.gistream.model.PackageDescription.State;
import io.gistream.model.PackageVerification;
import io.gistream.score.TextTable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Model packages for people. */
final class PackageText {
  /** Parts of the manifest that are shown on a line each, where a package has them. */
  private static final Map<String, String> PARTS =
      Map.of(
          "dims", "dims",
          "limits", "limits",
          "specialTokens", "tokens",
          "generation", "generation",
          "selection", "selection");

  private static final List<String> ORDER =
      List.of("dims", "limits", "specialTokens", "generation", "selection");

  private PackageText() {}

  static String describe(PackageDescription model) {
    StringBuilder text = new StringBuilder();
    text.append(model.name()).append(' ').append(model.version()).append('\n');
    line(text, "package", model.location());
    line(text, "sha-256", model.sha256());
    line(text, "family", model.family());
    line(text, "memory", model.memory() + ", " + memorySize(model));
    line(text, "language", model.language());
    line(text, "licence", model.licence());
    for (String part : ORDER) {
      JsonNode value = model.manifest().path(part);
      if (!value.isMissingNode()) {
        line(text, PARTS.getOrDefault(part, part), inline(value));
      }
    }
    if (!model.state().isEmpty() || model.writtenTokens() > 0) {
      text.append('\n').append(state(model).toText());
    }
    text.append('\n').append(files(model).toText());
    JsonNode training = model.manifest().path("training");
    if (!training.isMissingNode()) {
      training(text, training);
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(String.format(Locale.ROOT, "  %-10s  %s%n", name, value));
  }

  private static String memorySize(PackageDescription model) {
    OptionalLong bytes = model.bytesPerStream();
    return bytes.isEmpty()
        ? "grows with every segment"
        : number(bytes.getAsLong()) + " bytes a stream";
  }

  private static TextTable state(PackageDescription model) {
    TextTable table = new TextTable("state", "type", "shape", "bytes a stream");
    for (State tensor : model.state()) {
      String shape =
          tensor.shape().stream()
              .map(axis -> axis < 0 ? "?" : axis.toString())
              .collect(Collectors.joining(" x "));
      table.row(
          tensor.name(),
          tensor.type(),
          shape,
          tensor.bytes() == null ? "grows" : number(tensor.bytes()));
    }
    if (model.writtenTokens() > 0) {
      table.row(
          "written tokens",
          "int32",
          Integer.toString(model.writtenTokens()),
          number((long) model.writtenTokens() * Integer.BYTES));
    }
    return table;
  }

  private static TextTable files(PackageDescription model) {
    TextTable table = new TextTable("file", "bytes", "sha-256");
    for (PackageFile file : model.files()) {
      table.row(
          file.name(), file.bytes() == null ? "missing" : number(file.bytes()), file.sha256());
    }
    return table;
  }

  private static void training(StringBuilder text, JsonNode training) {
    StringBuilder notes = new StringBuilder();
    training
        .properties()
        .forEach(
            field -> {
              if (field.getValue().isValueNode()) {
                line(notes, field.getKey(), field.getValue().asText());
              }
            });
    if (!notes.isEmpty()) {
      text.append("\ntraining\n").append(notes);
    }
    JsonNode data = training.path("data");
    if (data.isArray() && !data.isEmpty()) {
      List<JsonNode> rows = new ArrayList<>();
      data.forEach(rows::add);
      text.append("\ntraining data\n").append(table(null, rows, List.of()));
    }
    JsonNode validation = training.path("validation");
    if (validation.isObject() && !validation.isEmpty()) {
      List<JsonNode> rows = new ArrayList<>();
      List<String> names = new ArrayList<>();
      validation
          .properties()
          .forEach(
              set -> {
                names.add(set.getKey());
                rows.add(set.getValue());
              });
      text.append("\nvalidation\n").append(table("set", rows, names));
    }
  }

  /**
   * Objects as rows; the columns are all the names that any of them has.
   *
   * @param heading of the first column, for the names; null when the rows have none
   */
  private static String table(@Nullable String heading, List<JsonNode> rows, List<String> names) {
    Set<String> columns = new LinkedHashSet<>();
    rows.forEach(row -> row.fieldNames().forEachRemaining(columns::add));
    List<String> headings = new ArrayList<>(columns);
    if (heading != null) {
      headings.add(0, heading);
    }
    TextTable table = new TextTable(headings.toArray(String[]::new));
    for (int i = 0; i < rows.size(); i++) {
      List<String> cells = new ArrayList<>();
      if (heading != null) {
        cells.add(names.get(i));
      }
      for (String column : columns) {
        JsonNode cell = rows.get(i).path(column);
        cells.add(cell.isMissingNode() ? "-" : inline(cell));
      }
      table.row(cells);
    }
    return table.toText();
  }

  /** A value on one line: members by a comma, elements by a slash. */
  private static String inline(JsonNode value) {
    if (value.isObject()) {
      return value.properties().stream()
          .map(field -> field.getKey() + " " + inline(field.getValue()))
          .collect(Collectors.joining(", "));
    }
    if (value.isArray()) {
      List<String> elements = new ArrayList<>();
      value.forEach(element -> elements.add(inline(element)));
      return elements.isEmpty() ? "none" : String.join("/", elements);
    }
    if (value.isTextual()) {
      return value.textValue().isEmpty() ? "\"\"" : value.textValue();
    }
    return value.isNull() ? "none" : value.asText();
  }

  static String verified(PackageVerification verification) {
    PackageDescription model = verification.description();
    StringBuilder text = new StringBuilder();
    text.append(model.name()).append(' ').append(model.version()).append('\n');
    line(text, "package", model.location());
    line(text, "sha-256", model.sha256());
    line(
        text,
        "files",
        "%d, each with its digest: %s"
            .formatted(
                model.files().size(),
                model.files().stream().map(PackageFile::name).collect(Collectors.joining(", "))));
    line(
        text,
        "graphs",
        "%d, each with the inputs and outputs of family %s: %s"
            .formatted(
                verification.graphs().size(),
                model.family(),
                String.join(", ", verification.graphs())));
    GoldensReport goldens = verification.goldens();
    if (goldens == null) {
      line(
          text,
          "goldens",
          "none in the package, so what it computes was not compared (--goldens FILE gives some)");
      return text.toString();
    }
    line(
        text,
        "goldens",
        "%s: %d segments, %d sentences"
            .formatted(goldens.source(), goldens.segments(), goldens.sentences()));
    TextTable table = new TextTable("field", "values", "largest difference", "allowed");
    for (Comparison comparison : goldens.comparisons()) {
      table.row(
          comparison.field(),
          number(comparison.values()),
          difference(comparison.largestDifference()),
          comparison.allowed());
    }
    text.append('\n').append(table.toText()).append('\n');
    text.append(goldens.agrees() ? "All of it agrees.\n" : "It does not agree.\n");
    return text.toString();
  }

  /** One line on what is wrong with a package whose values differ; empty if none do. */
  static String problem(PackageVerification verification) {
    GoldensReport goldens = verification.goldens();
    return goldens == null || goldens.firstDifference() == null
        ? ""
        : "Model package %s: %s: %s"
            .formatted(
                verification.description().location(), goldens.source(), goldens.firstDifference());
  }

  private static String difference(double value) {
    if (value == 0) {
      return "0";
    }
    return Double.isInfinite(value) ? "no number" : String.format(Locale.ROOT, "%.1e", value);
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }
}
