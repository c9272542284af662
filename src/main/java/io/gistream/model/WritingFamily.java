package io.gistream.model;

import ai.onnxruntime.OnnxJavaType;
import io.gistream.model.ModelManifest.Dims;
import io.gistream.model.ModelManifest.Generation;
import io.gistream.model.ModelManifest.Limits;
import io.gistream.model.ModelManifest.StateTensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Families {@code t5} and {@code bart}: a segment is encoded as one row, and a decoder that sees it
 * and the memory writes what it adds (SRformer, arXiv 2305.16340; causal, see {@code
 * docs/model-package.md}).
 *
 * <p>Streams are run one by one: rows of a batch need not have the bits they have alone.
 */
final class WritingFamily implements Family {
  private final ModelManifest manifest;
  private final Generation generation;
  private final MemoryLayout layout;
  private final SentenceTokenizer tokenizer;
  private final TokenSearch search;
  private final Graph encoder;
  private final Graph decoder;
  private final @Nullable Graph memory;

  private WritingFamily(
      ModelManifest manifest,
      Generation generation,
      MemoryLayout layout,
      SentenceTokenizer tokenizer,
      Graph encoder,
      Graph decoder,
      @Nullable Graph memory) {
    this.manifest = manifest;
    this.generation = generation;
    this.layout = layout;
    this.tokenizer = tokenizer;
    this.search = new TokenSearch(generation, manifest.dims().vocabulary());
    this.encoder = encoder;
    this.decoder = decoder;
    this.memory = memory;
  }

  static WritingFamily open(
      ModelPackage files,
      Generation generation,
      SentenceTokenizer tokenizer,
      MemoryLayout layout,
      int threads,
      Resources resources) {
    ModelManifest manifest = files.manifest();
    return new WritingFamily(
        manifest,
        generation,
        layout,
        tokenizer,
        resources.own(Graph.open(files, GraphSignature.OfWriter.encoder(manifest), threads)),
        resources.own(Graph.open(files, GraphSignature.OfWriter.decoder(manifest), threads)),
        manifest.state().isEmpty()
            ? null
            : resources.own(Graph.open(files, GraphSignature.OfWriter.memory(manifest), threads)));
  }

  @Override
  public SegmentReader reader() {
    return reads -> {
      reads.forEach(this::check);
      return reads.stream().map(this::read).toList();
    };
  }

  @Override
  public boolean fits(List<String> sentences) {
    return sentences.size() <= manifest.limits().segmentSentences()
        && tokenizer.fits(text(sentences));
  }

  private String text(List<String> sentences) {
    return generation.inputPrefix() + String.join(" ", sentences);
  }

  private void check(Read read) {
    int limit = manifest.limits().segmentSentences();
    if (read.sentences().isEmpty() || read.sentences().size() > limit) {
      throw new IllegalArgumentException(
          "a segment has %d sentences, must have 1 to %d (limits.segmentSentences)"
              .formatted(read.sentences().size(), limit));
    }
    if (!read.memory().layout().isOf(layout)) {
      throw layout.ofAnotherModel(read.memory().layout().model());
    }
  }

  private Reading read(Read read) {
    Memory before = read.memory();
    try (TokenSegment segment = encode(row(read.sentences()))) {
      WrittenTokens written;
      try (var decoding = new SegmentDecoding(decoder, manifest, layout, segment, before)) {
        written = search.write(before.written(), decoding);
      }
      Memory after = before;
      if (read.fold()) {
        after = layout.append(fold(segment, before), before.written(), written.tokens());
      }
      return reading(written, after);
    }
  }

  /** The token ids of a segment. */
  long[] row(List<String> sentences) {
    return tokenizer.row(text(sentences));
  }

  private TokenSegment encode(long[] row) {
    Limits limits = manifest.limits();
    int length =
        limits.rowBuckets().stream()
            .filter(bucket -> bucket >= row.length)
            .findFirst()
            .orElseThrow();
    Dims dims = manifest.dims();
    long[] shape = {1, dims.layers(), length, dims.heads(), dims.head()};
    TokenSegment segment = lend(shape, length);
    try (LentTensor ids = encoder.lend(OnnxJavaType.INT64, 1, length);
        LentTensor mask = encoder.lend(OnnxJavaType.INT64, 1, length)) {
      LongBuffer intoIds = ids.values().asLongBuffer();
      LongBuffer intoMask = mask.values().asLongBuffer();
      FloatBuffer intoFloats = segment.mask().values().asFloatBuffer();
      for (int i = 0; i < length; i++) {
        boolean isToken = i < row.length;
        intoIds.put(isToken ? row[i] : manifest.specialTokens().pad());
        intoMask.put(isToken ? 1 : 0);
        intoFloats.put(isToken ? 1 : 0);
      }
      encoder.run(
          Map.of("input_ids", ids, "attention_mask", mask),
          Map.of("keys", segment.keys(), "values", segment.values()));
      return segment;
    } catch (RuntimeException | Error e) {
      segment.close();
      throw e;
    }
  }

  private TokenSegment lend(long[] shape, int length) {
    Resources taken = new Resources();
    try {
      return new TokenSegment(
          taken.own(encoder.lend(OnnxJavaType.FLOAT, shape)),
          taken.own(encoder.lend(OnnxJavaType.FLOAT, shape)),
          taken.own(encoder.lend(OnnxJavaType.FLOAT, 1, length)),
          length);
    } catch (RuntimeException | Error e) {
      taken.close();
      throw e;
    }
  }

  /** The state tensors after the segment. */
  private Memory fold(TokenSegment segment, Memory before) {
    Graph graph = memory;
    if (graph == null) {
      return before;
    }
    List<ByteBuffer> outputs =
        graph.run(
            inputs -> {
              inputs.add("keys", segment.keys());
              inputs.add("values", segment.values());
              inputs.add("mask", segment.mask());
              for (int i = 0; i < manifest.state().size(); i++) {
                StateTensor tensor = manifest.state().get(i);
                ByteBuffer values =
                    inputs.add(
                        tensor.name(), GraphSignature.type(tensor), layout.shape(i, 1, before));
                before.copy(i, values);
              }
            });
    Memory after = layout.gather(outputs);
    MemoryLayout.checkTaken(outputs);
    return after;
  }

  /** Finds where each token ends in the text: the text of the tokens up to it. */
  private Reading reading(WrittenTokens written, Memory after) {
    int[] tokens = written.tokens();
    String text = tokenizer.decode(tokens);
    List<Reading.Token> ends = new ArrayList<>(tokens.length);
    int end = 0;
    for (int i = 0; i < tokens.length; i++) {
      String upToHere = tokenizer.decode(Arrays.copyOf(tokens, i + 1));
      // half a character decodes to something else, a leading space to nothing
      end = Math.max(end, Math.min(upToHere.length(), text.length()));
      ends.add(new Reading.Token(tokens[i], end, written.logProbabilities()[i]));
    }
    return new Reading.Written(text, List.copyOf(ends), after);
  }
}
