package io.gistream.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A value of {@code model.json} and its path, so that whatever is wrong with it can be named. */
final class ManifestField {
  private static final int MAX_SHOWN = 60;

  private final PackageSource source;
  private final String path;
  private final JsonNode value;

  ManifestField(PackageSource source, String path, JsonNode value) {
    this.source = source;
    this.path = path;
    this.value = value;
  }

  /** A member that must be there. */
  ManifestField get(String name) {
    if (!value.isObject()) {
      throw fault("an object");
    }
    String child = path.isEmpty() ? name : path + "." + name;
    JsonNode found = value.get(name);
    if (found == null || found.isNull()) {
      throw source.fault(
          ModelPackage.MANIFEST, child, "a value", "none", PackageSource.EXPORT_AGAIN);
    }
    return new ManifestField(source, child, found);
  }

  /** A member that must be there but may be null. */
  @Nullable ManifestField getNullable(String name) {
    return value.isObject() && value.has(name) && value.get(name).isNull() ? null : get(name);
  }

  /** The members of an object, in the order written. */
  Map<String, ManifestField> members() {
    if (!value.isObject()) {
      throw fault("an object");
    }
    Map<String, ManifestField> members = new LinkedHashMap<>();
    value.fieldNames().forEachRemaining(name -> members.put(name, get(name)));
    return members;
  }

  List<ManifestField> elements() {
    if (!value.isArray()) {
      throw fault("an array");
    }
    List<ManifestField> elements = new ArrayList<>(value.size());
    for (int i = 0; i < value.size(); i++) {
      elements.add(new ManifestField(source, "%s[%d]".formatted(path, i), value.get(i)));
    }
    return elements;
  }

  String text() {
    if (!value.isTextual() || value.textValue().isBlank()) {
      throw fault("a text that is not blank");
    }
    return value.textValue();
  }

  int positiveInt() {
    if (!value.isInt() || value.intValue() < 1) {
      throw fault("a positive integer");
    }
    return value.intValue();
  }

  int intFrom(int least, int most) {
    if (!value.isInt() || value.intValue() < least || value.intValue() > most) {
      throw fault("an integer from %d to %d".formatted(least, most));
    }
    return value.intValue();
  }

  List<Integer> positiveInts() {
    return elements().stream().map(ManifestField::positiveInt).toList();
  }

  int tokenId() {
    if (!value.isInt() || value.intValue() < 0) {
      throw fault("a token id (an integer of 0 or more)");
    }
    return value.intValue();
  }

  /** A text that may be empty. */
  String anyText() {
    if (!value.isTextual()) {
      throw fault("a text");
    }
    return value.textValue();
  }

  /** Whether it is this very value. */
  boolean is(JsonNode other) {
    return value.equals(other);
  }

  double number() {
    if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
      throw fault("a number");
    }
    return value.doubleValue();
  }

  /** That this value is not what it must be. */
  ModelPackageException fault(String expected) {
    return fault(expected, PackageSource.EXPORT_AGAIN);
  }

  ModelPackageException fault(String expected, String remedy) {
    String shown = value.toString();
    if (shown.length() > MAX_SHOWN) {
      shown = shown.substring(0, MAX_SHOWN) + "…";
    }
    return source.fault(
        ModelPackage.MANIFEST, path.isEmpty() ? null : path, expected, shown, remedy);
  }
}
