package io.gistream.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was checked of a package, and that it was good: every file has the digest that the manifest
 * names, the tokenizer and the graphs open, and the graphs have the inputs and outputs of their
 * family. Whether they compute what they should is what the goldens say, if there are any.
 *
 * @param graphs the graphs that were opened
 * @param goldens null when the package has none and none were given
 */
public record PackageVerification(
    PackageDescription description, List<String> graphs, @Nullable GoldensReport goldens) {

  /** Whether nothing is wrong, as far as could be compared. */
  public boolean passed() {
    return goldens == null || goldens.agrees();
  }

  /**
   * Verifies the package in a directory.
   *
   * @param options how the package is run, the precision among them
   * @param goldens a file to compare with in place of the package's own
   * @throws ProviderException as {@link SummaryModel#load(Path, SummaryModel.Options)}
   * @throws ModelPackageException when the package, or the file of goldens, is incomplete, damaged,
   *     or not what it should be; values that differ are in the result
   */
  public static PackageVerification of(
      Path directory, SummaryModel.Options options, @Nullable Path goldens) {
    return of(new PackageSource.Directory(directory), options, goldens);
  }

  /** With {@link SummaryModel.Options#DEFAULT}. */
  public static PackageVerification of(Path directory, @Nullable Path goldens) {
    return of(directory, SummaryModel.Options.DEFAULT, goldens);
  }

  /** Verifies a package on the class path. */
  public static PackageVerification bundled(
      String name, SummaryModel.Options options, @Nullable Path goldens) {
    return of(PackageSource.bundled(name), options, goldens);
  }

  /** In a precision, on one thread. */
  static PackageVerification bundled(String name, Precision precision, @Nullable Path goldens) {
    return bundled(name, new SummaryModel.Options(1, precision), goldens);
  }

  /** With {@link SummaryModel.Options#DEFAULT}. */
  static PackageVerification bundled(String name, @Nullable Path goldens) {
    return bundled(name, SummaryModel.Options.DEFAULT, goldens);
  }

  private static PackageVerification of(
      PackageSource source, SummaryModel.Options options, @Nullable Path goldens) {
    options.provider().require();
    ModelPackage files = ModelPackage.read(source);
    Precision precision = options.precision();
    try (SummaryModel model = SummaryModel.load(files, options)) {
      return new PackageVerification(
          PackageDescription.read(source),
          graphs(files.manifest(), precision),
          compare(files, model, precision, goldens));
    }
  }

  private static @Nullable GoldensReport compare(
      ModelPackage files, SummaryModel model, Precision precision, @Nullable Path goldens) {
    if (goldens != null) {
      return PackageGoldens.compare(
          files, model, precision, goldens.toString(), read(files, goldens));
    }
    return files.has(ModelPackage.GOLDENS)
        ? PackageGoldens.compare(
            files, model, precision, ModelPackage.GOLDENS, files.bytes(ModelPackage.GOLDENS))
        : null;
  }

  private static byte[] read(ModelPackage files, Path goldens) {
    try {
      return Files.readAllBytes(goldens);
    } catch (NoSuchFileException e) {
      throw files
          .source()
          .fault(goldens.toString(), null, "a file of goldens", "none", "check the path", e);
    } catch (IOException e) {
      throw files
          .source()
          .fault(
              goldens.toString(),
              null,
              "a readable file",
              e.toString(),
              "check the file and its rights",
              e);
    }
  }

  private static List<String> graphs(ModelManifest manifest, Precision precision) {
    List<String> graphs = new ArrayList<>(precision.files(manifest));
    if (manifest.generation() == null) {
      graphs.add(ModelPackage.DECODER);
    }
    if (!manifest.state().isEmpty()) {
      graphs.add(ModelPackage.MEMORY);
    }
    return graphs;
  }
}
