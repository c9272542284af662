package io.gistream.model;

/**
 * What the Python toolkit made of a transcript with a package; each kind of family has goldens of
 * its own shape, see {@code docs/model-package.md}.
 */
sealed interface Goldens permits CompactGoldens, WritingGoldens {
  /**
   * Reads goldens and checks that they have as many values as the package's dimensions ask for.
   *
   * @throws ModelPackageException when they cannot be of this package
   */
  static Goldens read(ManifestField root, ModelManifest manifest) {
    return manifest.generation() == null
        ? CompactGoldens.read(root, manifest)
        : WritingGoldens.read(root, manifest);
  }

  /** Number of segments of the transcript. */
  int segmentCount();

  /** Number of sentences of all segments. */
  int sentenceCount();

  /**
   * Runs the package over the transcript and compares.
   *
   * @param model the package, loaded
   */
  void compare(ModelPackage files, SummaryModel model, GoldensTally tally);
}
