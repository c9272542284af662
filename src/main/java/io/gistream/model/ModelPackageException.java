package io.gistream.model;

import org.jspecify.annotations.Nullable;

/**
 * A model package that cannot be loaded: what of it is wrong, what it should be, what it is, and
 * what to do.
 */
public final class ModelPackageException extends RuntimeException {
  private final String location;
  private final String file;
  private final @Nullable String field;

  ModelPackageException(
      String location,
      String file,
      @Nullable String field,
      String expected,
      String found,
      String remedy,
      @Nullable Throwable cause) {
    super(
        "Model package %s: %s%s: expected %s, found %s; %s"
            .formatted(location, file, field == null ? "" : ", " + field, expected, found, remedy),
        cause);
    this.location = location;
    this.file = file;
    this.field = field;
  }

  /** The package: a directory, or {@code classpath:} and a folder. */
  public String location() {
    return location;
  }

  /** Name of the file inside the package. */
  public String file() {
    return file;
  }

  /**
   * What inside the file: a path in {@code model.json}, a tensor of a graph; null for all of it.
   */
  public @Nullable String field() {
    return field;
  }
}
