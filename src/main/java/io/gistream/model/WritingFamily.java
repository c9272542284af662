package io.gistream.model;

import ai.onnxruntime.OnnxJavaType;
import io.gistream.model.ModelManifest.Generation;
import io.gistream.model.ModelManifest.StateTensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Families {@code t5} and {@code bart}: a segment is encoded as one row, and a decoder that sees it
 * and the memory writes what it adds (SRformer, arXiv 2305.16340; causal, see {@code
 * docs/model-package.md}).
 *
 * <p>Streams whose rows are padded to one length and whose decoders are fed as many tokens travel
 * together; a stream's bits do not depend on who travels with it.
 */
final class WritingFamily implements Family {
  /** Rows of a step of decoding: from there on twice as many take twice as long. */
  private static final int MOST_ROWS = 64;

  /** Tokens encoded at once, which bounds native memory. */
  private static final int MOST_TOKENS = 4096;

  private final ModelManifest manifest;
  private final Generation generation;
  private final MemoryLayout layout;
  private final SentenceTokenizer tokenizer;
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
    this.encoder = encoder;
    this.decoder = decoder;
    this.memory = memory;
  }

  static WritingFamily open(
      ModelPackage files,
      Generation generation,
      SentenceTokenizer tokenizer,
      MemoryLayout layout,
      SummaryModel.Options options,
      Resources resources) {
    ModelManifest manifest = files.manifest();
    GraphSignature encoder = GraphSignature.OfWriter.encoder(manifest, options.precision());
    GraphSignature decoder = GraphSignature.OfWriter.decoder(manifest, options.precision());
    return new WritingFamily(
        manifest,
        generation,
        layout,
        tokenizer,
        resources.own(Graph.open(files, encoder, options)),
        resources.own(Graph.open(files, decoder, options)),
        manifest.state().isEmpty()
            ? null
            : resources.own(Graph.open(files, GraphSignature.OfWriter.memory(manifest), options)));
  }

  /** They have nothing to remember: what is read again is written again. */
  @Override
  public SegmentReaders readers(long cacheBytes) {
    return this::reader;
  }

  private TokenSearch search() {
    return new TokenSearch(generation, manifest.dims().vocabulary());
  }

  private SegmentReader reader() {
    TokenSearch search = search();
    return reads -> {
      reads.forEach(this::check);
      Reading[] readings = new Reading[reads.size()];
      for (Batch batch : batches(reads)) {
        List<TextSearch> searches =
            batch.reads().stream().map(it -> search.begin(it.memory().written())).toList();
        List<Reading.Written> ofBatch = read(batch, searches);
        for (int i = 0; i < ofBatch.size(); i++) {
          readings[batch.places().get(i)] = ofBatch.get(i);
        }
      }
      return List.of(readings);
    };
  }

  /**
   * Reads that are run together.
   *
   * @param places of the reads among all
   * @param rows the token ids of each
   * @param length of each row when it is padded
   */
  private record Batch(List<Integer> places, List<Read> reads, List<long[]> rows, int length) {
    Batch(int length) {
      this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), length);
    }

    int size() {
      return places.size();
    }

    void add(int place, Read read, long[] row) {
      places.add(place);
      reads.add(read);
      rows.add(row);
    }
  }

  /**
   * What must be the same for reads to be run together.
   *
   * @param length of the padded row
   * @param written tokens that the decoder is fed first
   * @param alone the number of a read whose memory has a length of its own, else -1
   */
  private record Like(int length, int written, int alone) {}

  private List<Batch> batches(List<Read> reads) {
    Map<Like, Batch> open = new HashMap<>();
    List<Batch> batches = new ArrayList<>();
    for (int i = 0; i < reads.size(); i++) {
      Read read = reads.get(i);
      long[] row = row(read.sentences());
      int length = bucket(row);
      Like like = new Like(length, read.memory().written().length, layout.grows() ? i : -1);
      Batch batch = open.get(like);
      if (batch == null || batch.size() == most(length)) {
        batch = new Batch(length);
        open.put(like, batch);
        batches.add(batch);
      }
      batch.add(i, read, row);
    }
    return batches;
  }

  /** Streams of a batch: more would cost memory and save little. */
  private int most(int length) {
    return Math.max(1, Math.min(MOST_ROWS / generation.beams(), MOST_TOKENS / length));
  }

  private int bucket(long[] row) {
    return manifest.limits().rowBuckets().stream()
        .filter(bucket -> bucket >= row.length)
        .findFirst()
        .orElseThrow();
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

  /**
   * Reads a segment as if it added these tokens, whatever the model would choose: what is found of
   * them is how probable they are.
   */
  Reading.Written follow(Read read, int[] tokens) {
    check(read);
    Batch batch = batches(List.of(read)).get(0);
    return read(batch, List.of(search().follow(read.memory().written(), tokens))).get(0);
  }

  private List<Reading.Written> read(Batch batch, List<TextSearch> searches) {
    List<Memory> before = batch.reads().stream().map(Read::memory).toList();
    try (TokenSegments segments = encode(batch)) {
      try (var decoding =
          new BatchDecoding(
              decoder, manifest, layout, generation.beams(), segments, before, searches)) {
        decoding.write();
      }
      boolean folds = batch.reads().stream().anyMatch(Read::fold);
      List<Memory> folded = folds ? fold(segments, before) : before;
      List<Reading.Written> readings = new ArrayList<>();
      for (int i = 0; i < before.size(); i++) {
        WrittenTokens written = searches.get(i).written();
        Memory memory = before.get(i);
        readings.add(
            reading(
                written,
                batch.reads().get(i).fold()
                    ? layout.append(folded.get(i), memory.written(), written.tokens())
                    : memory));
      }
      return readings;
    }
  }

  /** The token ids of a segment. */
  long[] row(List<String> sentences) {
    return tokenizer.row(text(sentences));
  }

  private TokenSegments encode(Batch batch) {
    int length = batch.length();
    int streams = batch.rows().size();
    Resources taken = new Resources();
    try (LentTensor ids = encoder.lend(OnnxJavaType.INT64, streams, length);
        LentTensor attended = encoder.lend(OnnxJavaType.INT64, streams, length)) {
      AttendedTokens source =
          taken.own(AttendedTokens.lend(encoder, manifest.dims(), streams, length));
      LentTensor mask = taken.own(encoder.lend(OnnxJavaType.FLOAT, streams, length));
      LongBuffer intoIds = ids.values().asLongBuffer();
      LongBuffer intoAttended = attended.values().asLongBuffer();
      FloatBuffer intoMask = mask.values().asFloatBuffer();
      for (long[] row : batch.rows()) {
        for (int i = 0; i < length; i++) {
          boolean isToken = i < row.length;
          intoIds.put(isToken ? row[i] : manifest.specialTokens().pad());
          intoAttended.put(isToken ? 1 : 0);
          intoMask.put(isToken ? 1 : 0);
        }
      }
      encoder.run(Map.of("input_ids", ids, "attention_mask", attended), source.named(""));
      return new TokenSegments(source, mask);
    } catch (RuntimeException | Error e) {
      taken.close();
      throw e;
    }
  }

  /** The state tensors of each stream after its segment. */
  private List<Memory> fold(TokenSegments segments, List<Memory> before) {
    Graph graph = memory;
    if (graph == null) {
      return before;
    }
    List<ByteBuffer> outputs =
        graph.run(
            inputs -> {
              segments.source().named("").forEach(inputs::add);
              inputs.add("mask", segments.mask());
              for (int i = 0; i < manifest.state().size(); i++) {
                StateTensor tensor = manifest.state().get(i);
                long[] shape = layout.shape(i, before.size(), before.get(0));
                ByteBuffer values = inputs.add(tensor.name(), GraphSignature.type(tensor), shape);
                for (Memory one : before) {
                  one.copy(i, values);
                }
              }
            });
    List<Memory> after = before.stream().map(one -> layout.gather(outputs)).toList();
    MemoryLayout.checkTaken(outputs);
    return after;
  }

  /** Finds where each token ends in the text: the text of the tokens up to it. */
  private Reading.Written reading(WrittenTokens written, Memory after) {
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
