package io.gistream.model;

/** Runs a package beside its goldens. */
final class PackageGoldens {
  private static final String REMEDY =
      "write them again with `python -m srformer goldens`, or give those of this package";

  private PackageGoldens() {}

  /**
   * Compares what a package gives with goldens.
   *
   * @param model the package, loaded
   * @param file where the goldens come from, for messages
   * @throws ModelPackageException when they are not goldens of this package
   */
  static GoldensReport compare(
      ModelPackage files, SummaryModel model, Precision precision, String file, byte[] json) {
    ManifestField root = parse(files.source(), file, json);
    checkIdentity(files, root);
    Goldens goldens = Goldens.read(root, files.manifest());
    GoldensTally tally = new GoldensTally(precision);
    goldens.compare(files, model, tally);
    return new GoldensReport(
        file,
        goldens.segmentCount(),
        goldens.sentenceCount(),
        tally.comparisons(),
        tally.firstDifference());
  }

  static ManifestField parse(PackageSource source, String file, byte[] json) {
    return new ManifestField(source, file, REMEDY, "", ManifestReader.parse(source, file, json));
  }

  /** Goldens inside a package cannot name its digest, which depends on theirs. */
  private static void checkIdentity(ModelPackage files, ManifestField root) {
    root.find("modelSha256")
        .filter(field -> !field.text().equals(files.sha256()))
        .ifPresent(
            field -> {
              throw field.fault("the package's SHA-256, " + files.sha256(), field.text(), REMEDY);
            });
  }
}
