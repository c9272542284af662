package io.gistream.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the files of a package are read from. */
sealed interface PackageSource {
  String COPY_AGAIN = "copy the whole package again from where it was exported";
  String EXPORT_AGAIN =
      "export the package again with `python -m srformer export` (`convert` for a checkpoint)";

  /** The package of that name inside the jar. */
  static PackageSource bundled(String name) {
    return new Classpath("models/" + name);
  }

  /** The place as a person would write it. */
  String location();

  /** The bytes of a file; throws {@link NoSuchFileException} when there is none. */
  byte[] bytes(String file) throws IOException;

  /** Length of a file; throws {@link NoSuchFileException} when there is none. */
  long size(String file) throws IOException;

  /** The bytes of a file that the package must have. */
  default byte[] read(String file) {
    try {
      return bytes(file);
    } catch (NoSuchFileException e) {
      String remedy = file.equals(ModelPackage.MANIFEST) ? "check the path" : COPY_AGAIN;
      throw fault(file, null, "a file", "none", remedy, e);
    } catch (IOException e) {
      throw fault(file, null, "a readable file", e.toString(), "check the file and its rights", e);
    }
  }

  default ModelPackageException fault(
      String file, @Nullable String field, String expected, String found, String remedy) {
    return fault(file, field, expected, found, remedy, null);
  }

  default ModelPackageException fault(
      String file,
      @Nullable String field,
      String expected,
      String found,
      String remedy,
      @Nullable Throwable cause) {
    return new ModelPackageException(location(), file, field, expected, found, remedy, cause);
  }

  /** A directory of the file system. */
  record Directory(Path path) implements PackageSource {
    /** The longest array that every JVM grants. */
    private static final long MAX_BYTES = Integer.MAX_VALUE - 8L;

    @Override
    public String location() {
      return path.toAbsolutePath().normalize().toString();
    }

    @Override
    public byte[] bytes(String file) throws IOException {
      Path target = path.resolve(file);
      if (Files.exists(target) && !Files.isRegularFile(target)) {
        throw new IOException("no file but a directory or a device"); // some have no end
      }
      if (Files.exists(target) && Files.size(target) > MAX_BYTES) {
        throw new IOException("%d bytes, limit %d".formatted(Files.size(target), MAX_BYTES));
      }
      return Files.readAllBytes(target);
    }

    @Override
    public long size(String file) throws IOException {
      return Files.size(path.resolve(file));
    }
  }

  /** A folder on the class path, such as one inside this jar. */
  record Classpath(String folder) implements PackageSource {
    @Override
    public String location() {
      return "classpath:" + folder;
    }

    @Override
    public byte[] bytes(String file) throws IOException {
      try (InputStream in = open(file)) {
        return in.readAllBytes();
      }
    }

    @Override
    public long size(String file) throws IOException {
      try (InputStream in = open(file)) {
        return in.transferTo(OutputStream.nullOutputStream());
      }
    }

    private InputStream open(String file) throws IOException {
      String resource = "/" + folder + "/" + file;
      InputStream in = SummaryModel.class.getResourceAsStream(resource);
      if (in == null) {
        throw new NoSuchFileException(resource);
      }
      return in;
    }
  }
}
