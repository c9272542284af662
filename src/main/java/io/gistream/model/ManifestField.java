package io.gistream.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.gistream.model.ModelManifest.StateTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value of {@code model.json}, or of another JSON file of a package, and its path, so that
 * whatever is wrong with it can be named.
 */
final class ManifestField {
  private static final int MAX_SHOWN = 60;

  private final PackageSource source;
  private final String file;
  private final String remedy;
  private final String path;
  private final JsonNode value;

  ManifestField(PackageSource source, String path, JsonNode value) {
    this(source, ModelPackage.MANIFEST, PackageSource.EXPORT_AGAIN, path, value);
  }

  /**
   * @param remedy what to do when a value is not what it must be
   */
  ManifestField(PackageSource source, String file, String remedy, String path, JsonNode value) {
    this.source = source;
    this.file = file;
    this.remedy = remedy;
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
      throw source.fault(file, child, "a value", "none", remedy);
    }
    return new ManifestField(source, file, remedy, child, found);
  }

  /** A member that need not be there. */
  Optional<ManifestField> find(String name) {
    return value.hasNonNull(name) ? Optional.of(get(name)) : Optional.empty();
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
      elements.add(
          new ManifestField(source, file, remedy, "%s[%d]".formatted(path, i), value.get(i)));
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

  /** Length of a tensor's axis: positive, or {@link StateTensor#GROWING}. */
  int axis() {
    return value.isInt() && value.intValue() == StateTensor.GROWING
        ? StateTensor.GROWING
        : positiveInt();
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

  /**
   * Floats written as base64 of their little-endian bytes.
   *
   * @param count how many there must be
   */
  float[] floats(int count) {
    byte[] bytes = base64();
    if (bytes.length != count * Float.BYTES) {
      throw fault(
          "%d float32, %d bytes".formatted(count, count * Float.BYTES),
          bytes.length + " bytes",
          remedy);
    }
    return floats(bytes);
  }

  /** As {@link #floats}, with any number of times so many. */
  float[] floatsInUnitsOf(int count) {
    byte[] bytes = base64();
    if (bytes.length % (count * Float.BYTES) != 0) {
      throw fault(
          "float32 in units of %d, %d bytes each".formatted(count, count * Float.BYTES),
          bytes.length + " bytes",
          remedy);
    }
    return floats(bytes);
  }

  private byte[] base64() {
    try {
      return Base64.getDecoder().decode(text());
    } catch (IllegalArgumentException e) {
      throw fault("base64");
    }
  }

  private static float[] floats(byte[] bytes) {
    float[] floats = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
    return floats;
  }

  /** That this value is not what it must be. */
  ModelPackageException fault(String expected) {
    return fault(expected, remedy);
  }

  ModelPackageException fault(String expected, String whatToDo) {
    return fault(expected, value.toString(), whatToDo);
  }

  /** That this value is not what it must be, where what it is should be said in other words. */
  ModelPackageException fault(String expected, String found, String whatToDo) {
    String shown = found;
    if (shown.length() > MAX_SHOWN) {
      shown = shown.substring(0, MAX_SHOWN) + "…";
    }
    return source.fault(file, path.isEmpty() ? null : path, expected, shown, whatToDo);
  }
}
