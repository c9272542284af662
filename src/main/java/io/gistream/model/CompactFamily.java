package io.gistream.model;

import java.util.List;

/**
 * Family {@code compact}: sentences are encoded one by one, a segment's states are scored together.
 */
record CompactFamily(SentenceEncoder encoder, Recurrence recurrence, int segmentSentences)
    implements Family {

  static CompactFamily open(
      ModelPackage files,
      SentenceTokenizer tokenizer,
      MemoryLayout layout,
      SummaryModel.Options options,
      Resources resources) {
    ModelManifest manifest = files.manifest();
    Graph encoder =
        resources.own(
            Graph.open(files, GraphSignature.encoder(manifest, options.precision()), options));
    Graph decoder = resources.own(Graph.open(files, GraphSignature.decoder(manifest), options));
    Graph memory =
        manifest.state().isEmpty()
            ? null
            : resources.own(Graph.open(files, GraphSignature.memory(manifest), options));
    return new CompactFamily(
        new SentenceEncoder(tokenizer, encoder, manifest),
        new Recurrence(manifest, layout, decoder, memory),
        manifest.limits().segmentSentences());
  }

  @Override
  public SegmentReaders readers(long cacheBytes) {
    EncodedSentences latest = new EncodedSentences(encoder, cacheBytes);
    return new SegmentReaders() {
      @Override
      public SegmentReader get() {
        return new ScoringReader(latest, recurrence);
      }

      @Override
      public SentenceUse use() {
        return latest.use();
      }
    };
  }

  /** A sentence is a row of its own: one that is too long is cut alone. */
  @Override
  public boolean fits(List<String> sentences) {
    return sentences.size() <= segmentSentences;
  }
}
