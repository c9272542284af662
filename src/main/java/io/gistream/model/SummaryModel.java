package io.gistream.model;

import io.gistream.model.ModelManifest.Generation;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A loaded model package. {@link #reader()} runs a model of any family over segments; the steps of
 * one that scores sentences (family {@code compact}) are there by themselves too: {@link #encode},
 * {@link #decode} and {@link #fold}, in batches.
 *
 * <p>What comes out for a sentence or a segment depends on it alone, to the bit: not on what it
 * shared a batch with, not on the order, not on the number of threads. Another instruction set may
 * give other bits. On a GPU ({@link Provider#CUDA}) none of this is promised.
 *
 * <p>Thread-safe: any number of threads may run one model, and they share its weights. Holds memory
 * outside the Java heap until {@link #close()}, which waits for the calls that are running; a call
 * that comes later throws {@link IllegalStateException}.
 */
public final class SummaryModel implements AutoCloseable {
  /** Name of the model inside the jar that is used when no other is asked for. */
  public static final String DEFAULT_MODEL = "compact-raf";

  private static final long DEFAULT_CACHE_BYTES = 8 << 20;

  private final ModelManifest manifest;
  private final Options options;
  private final String sha256;
  private final MemoryLayout layout;
  private final Memory empty;
  private final SentenceTokenizer tokenizer;
  private final Family family;
  private final MemoryGauge gauge;
  private final Resources resources;
  private final List<Graph> graphs;

  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  /**
   * How a model runs; results are the same for any number of threads.
   *
   * @param intraOpThreads threads that one call is spread over, 1 or more, the caller's included. 1
   *     gives the highest throughput when several threads use the model; more shorten one call.
   * @param precision in what it multiplies; a model in another precision is another model
   * @param provider what computes; {@link Provider#CUDA} goes with {@link Precision#FP32} only
   */
  public record Options(int intraOpThreads, Precision precision, Provider provider) {
    public static final Options DEFAULT = new Options(1);

    /** In {@link Precision#FP32}. */
    public Options(int intraOpThreads) {
      this(intraOpThreads, Precision.FP32);
    }

    /** On the processor. */
    public Options(int intraOpThreads, Precision precision) {
      this(intraOpThreads, precision, Provider.CPU);
    }

    public Options {
      if (intraOpThreads < 1) {
        throw new IllegalArgumentException(
            "intraOpThreads is %d, must be 1 or more".formatted(intraOpThreads));
      }
      if (provider == Provider.CUDA && precision != Precision.FP32) {
        throw new IllegalArgumentException(
            "%s is computed by the processor only, its products do not exist for CUDA"
                .formatted(precision));
      }
    }
  }

  private SummaryModel(ModelPackage files, Options options, Resources resources) {
    this.resources = resources;
    this.options = options;
    manifest = files.manifest();
    sha256 = options.precision().identity(files.sha256());
    layout = new MemoryLayout(sha256, manifest);
    empty = layout.empty();
    checkPrecision(files, options.precision());
    gauge = MemoryGauge.of(files);
    tokenizer = resources.own(SentenceTokenizer.open(files));
    @Nullable Generation generation = manifest.generation();
    family =
        generation == null
            ? CompactFamily.open(files, tokenizer, layout, options, resources)
            : WritingFamily.open(files, generation, tokenizer, layout, options, resources);
    graphs = resources.all(Graph.class);
  }

  private static void checkPrecision(ModelPackage files, Precision precision) {
    for (String file : precision.files(files.manifest())) {
      if (!files.has(file)) {
        throw files
            .source()
            .fault(
                file,
                null,
                "a graph in " + precision.name().toLowerCase(Locale.ROOT),
                "none",
                "set model.precision=fp32, or add it with `python -m srformer int8`");
      }
    }
  }

  /** As {@link #load(Path, Options)}, with {@link Options#DEFAULT}. */
  public static SummaryModel load(Path directory) {
    return load(directory, Options.DEFAULT);
  }

  /**
   * Loads the package in a directory.
   *
   * @throws ModelPackageException when it is incomplete, damaged, or not what its manifest says
   * @throws ProviderException when {@code options.provider()} cannot be used on this machine
   * @throws IllegalStateException when the native libraries cannot be loaded on this machine
   */
  public static SummaryModel load(Path directory, Options options) {
    return load(new PackageSource.Directory(directory), options);
  }

  /** As {@link #bundled(String, Options)}, with {@link #DEFAULT_MODEL}. */
  public static SummaryModel bundled() {
    return bundled(DEFAULT_MODEL, Options.DEFAULT);
  }

  /**
   * Loads a package from the class path.
   *
   * @param name of the folder in {@code models/}
   * @throws ModelPackageException as {@link #load(Path, Options)}
   */
  public static SummaryModel bundled(String name, Options options) {
    return load(PackageSource.bundled(name), options);
  }

  private static SummaryModel load(PackageSource source, Options options) {
    options.provider().require();
    return load(ModelPackage.read(source), options);
  }

  static SummaryModel load(ModelPackage files, Options options) {
    Resources resources = new Resources();
    try {
      return new SummaryModel(files, options, resources);
    } catch (RuntimeException | Error e) {
      resources.close();
      throw e;
    }
  }

  public ModelManifest manifest() {
    return manifest;
  }

  /** How it runs. */
  Options options() {
    return options;
  }

  /** Identity of the model, see {@link Precision#identity}: lower-case hex. */
  public String sha256() {
    return sha256;
  }

  /** Number of tokens of a text, special tokens not counted. */
  public int countTokens(String text) {
    return whileOpen(() -> tokenizer.count(text));
  }

  /**
   * A reader of segments for one thread, with 8 MiB for the sentences that it read lately; it fails
   * once the model is closed.
   */
  public SegmentReader reader() {
    return readers(DEFAULT_CACHE_BYTES).get();
  }

  /**
   * Makes readers, each for one thread, that share what they remember: a sentence that one of them
   * has read lately costs the others nothing.
   *
   * @param cacheBytes heap for the sentences read lately; a state has four bytes for each of {@code
   *     dims.encoder}
   */
  public SegmentReaders readers(long cacheBytes) {
    SegmentReaders readers = family.readers(cacheBytes);
    return new SegmentReaders() {
      @Override
      public SegmentReader get() {
        return whileOpen(readers.get());
      }

      @Override
      public SentenceUse use() {
        return readers.use();
      }
    };
  }

  private SegmentReader whileOpen(SegmentReader reader) {
    return new SegmentReader() {
      @Override
      public List<Reading> read(List<Read> reads) {
        return whileOpen(() -> reader.read(reads));
      }

      @Override
      public void anticipate(List<String> sentences) {
        whileOpen(
            () -> {
              reader.anticipate(sentences);
              return sentences;
            });
      }
    };
  }

  /**
   * Whether these sentences can be a segment of which nothing is left unread: no more than {@code
   * limits.segmentSentences} of them, and where a segment is one row, no more tokens than {@code
   * limits.rowTokens}.
   */
  public boolean fits(List<String> sentences) {
    return whileOpen(() -> family.fits(sentences));
  }

  /**
   * Encodes each sentence by itself; results in the order given. Of a sentence, {@code
   * limits.rowTokens} tokens are read, and no more than 64 characters for each of them; a blank one
   * is a sentence of no words, with a state like any other.
   *
   * @throws IllegalStateException for a model that writes: it reads segments, not sentences
   */
  public List<EncodedSentence> encode(List<String> sentences) {
    return whileOpen(() -> compact().encoder().encode(sentences));
  }

  /**
   * What each sentence of each segment is worth, given the memory before it: a logit per sentence,
   * the higher the more worth keeping.
   *
   * @throws IllegalArgumentException when a segment has more than {@code limits.segmentSentences}
   *     sentences, or a sentence or memory of another model
   * @throws IllegalStateException as {@link #encode}
   */
  public List<float[]> decode(List<Segment> segments) {
    return whileOpen(() -> compact().recurrence().decode(segments));
  }

  /**
   * The memory after each segment. Segments of one call are steps of different streams: none sees
   * another.
   *
   * @throws IllegalArgumentException as {@link #decode}
   * @throws IllegalStateException as {@link #encode}
   */
  public List<Memory> fold(List<Segment> segments) {
    return whileOpen(() -> compact().recurrence().fold(segments));
  }

  /** The memory of a stream that has said nothing yet. */
  public Memory emptyMemory() {
    return empty;
  }

  /**
   * Reads {@link Memory#toBytes()}; throws {@link IllegalArgumentException} when it is of another
   * model or damaged.
   */
  public Memory memory(byte[] bytes) {
    return layout.parse(bytes);
  }

  /** What a memory of this model holds, layer by layer and head by head. */
  public MemoryActivity activity(Memory memory) {
    return gauge.read(memory);
  }

  /**
   * The potential above which a neuron of the memory fires, {@code [layer][head]}; null where
   * nothing fires. Not to be changed.
   */
  public float @Nullable [][] threshold() {
    return gauge.threshold();
  }

  /**
   * Most bytes that {@link Memory#toBytes()} can have, however long a talk is; empty for memory
   * {@code full}, which grows with it.
   */
  public OptionalInt largestMemoryBytes() {
    return layout.grows() ? OptionalInt.empty() : OptionalInt.of(layout.largestInBytes());
  }

  /** See {@link WritingFamily#follow}; for a model that writes. */
  Reading.Written follow(Read read, int[] tokens) {
    if (family instanceof WritingFamily writing) {
      return whileOpen(() -> writing.follow(read, tokens));
    }
    throw new IllegalStateException(
        "model %s %s is of family %s, which does not write"
            .formatted(manifest.name(), manifest.version(), manifest.family()));
  }

  private CompactFamily compact() {
    if (family instanceof CompactFamily compact) {
      return compact;
    }
    throw new IllegalStateException(
        "model %s %s is of family %s, which writes: it has no steps of its own, use reader()"
            .formatted(manifest.name(), manifest.version(), manifest.family()));
  }

  private <T> T whileOpen(Supplier<T> call) {
    lock.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException(
            "model %s %s is closed".formatted(manifest.name(), manifest.version()));
      }
      return call.get();
    } finally {
      lock.readLock().unlock();
    }
  }

  /** How much each of its graphs was used; also after it was closed. */
  public List<GraphUse> use() {
    return graphs.stream().map(Graph::use).toList();
  }

  /** Frees the sessions and the tokenizer once no call runs any more. May be called twice. */
  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        resources.close();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
