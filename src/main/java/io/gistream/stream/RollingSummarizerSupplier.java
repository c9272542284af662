package io.gistream.stream;

import io.gistream.avro.InboxEntry;
import io.gistream.config.BatchOptions;
import io.gistream.config.SummaryOptions;
import io.gistream.model.SegmentReader;
import io.gistream.model.SegmentReaders;
import io.gistream.model.SentenceUse;
import io.gistream.model.SummaryModel;
import io.gistream.serde.GistreamSerdes;
import io.gistream.session.Sessions;
import io.opentelemetry.api.OpenTelemetry;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The rolling summarizer as a processor for any topology: records of transcript chunks in, an
 * {@link Emission} out for each, stores connected.
 *
 * <pre>{@code
 * KStream<byte[], Emission> emissions = builder
 *     .stream("calls", Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
 *     .process(RollingSummarizerSupplier.of(model), Named.as("summarize"));
 * }</pre>
 *
 * <p>Input is taken as bytes so that a record that cannot be read reaches the dead letters as it
 * came; a {@link ChunkDecoder} reads formats other than ours. All records of a stream must be in
 * one partition, keyed by the stream id in UTF-8. The model is shared by all tasks and stays the
 * caller's to close.
 */
public final class RollingSummarizerSupplier
    implements ProcessorSupplier<byte[], byte[], byte[], Emission> {
  private final SummaryModel model;
  private final SummaryOptions options;
  private final BatchOptions batching;
  private final ChunkDecoder decoder;
  private final StoreNames stores;
  private final UnaryOperator<SegmentReader> reading;
  private final OutputLimits limits;
  private final Totals totals;
  private final OpenTelemetry telemetry;
  private final Shared shared;

  /**
   * What all tasks have in common.
   *
   * @param trials how often the model was tried out
   */
  record Shared(
      Sessions sessions,
      SegmentReaders readers,
      RecollectionCache cache,
      BusyTasks busy,
      OutputLimits limits,
      Totals totals,
      OpenTelemetry telemetry,
      AtomicLong trials) {}

  private RollingSummarizerSupplier(
      SummaryModel model,
      SummaryOptions options,
      BatchOptions batching,
      ChunkDecoder decoder,
      StoreNames stores,
      UnaryOperator<SegmentReader> reading,
      OutputLimits limits,
      Totals totals,
      OpenTelemetry telemetry) {
    this.model = model;
    this.options = options;
    this.batching = batching;
    this.decoder = decoder;
    this.stores = stores;
    this.reading = reading;
    this.limits = limits;
    this.totals = totals;
    this.telemetry = telemetry;
    long ofTexts = batching.sentenceCacheBytes() / 4;
    this.shared =
        new Shared(
            new Sessions(model, options, ofTexts),
            model.readers(batching.sentenceCacheBytes() - ofTexts),
            new RecollectionCache(batching.memoryCacheBytes()),
            new BusyTasks(),
            limits,
            totals,
            telemetry,
            new AtomicLong());
  }

  /**
   * With default options, reading {@link io.gistream.avro.TranscriptChunk} in Avro single-object
   * encoding.
   */
  public static RollingSummarizerSupplier of(SummaryModel model) {
    return new RollingSummarizerSupplier(
        model,
        SummaryOptions.defaults(),
        BatchOptions.defaults(),
        ChunkDecoder.singleObject(),
        StoreNames.defaults(),
        UnaryOperator.identity(),
        OutputLimits.none(),
        new Totals(),
        OpenTelemetry.noop());
  }

  public RollingSummarizerSupplier withOptions(SummaryOptions options) {
    return new RollingSummarizerSupplier(
        model, options, batching, decoder, stores, reading, limits, totals, telemetry);
  }

  public RollingSummarizerSupplier withBatching(BatchOptions batching) {
    return new RollingSummarizerSupplier(
        model, options, batching, decoder, stores, reading, limits, totals, telemetry);
  }

  public RollingSummarizerSupplier withDecoder(ChunkDecoder decoder) {
    return new RollingSummarizerSupplier(
        model, options, batching, decoder, stores, reading, limits, totals, telemetry);
  }

  public RollingSummarizerSupplier withStores(StoreNames stores) {
    return new RollingSummarizerSupplier(
        model, options, batching, decoder, stores, reading, limits, totals, telemetry);
  }

  /** With something between the summarizer and the model's own reader: a slow one, a broken one. */
  RollingSummarizerSupplier withReading(UnaryOperator<SegmentReader> reading) {
    return new RollingSummarizerSupplier(
        model, options, batching, decoder, stores, reading, limits, totals, telemetry);
  }

  /** With what is known of the topics that are written. */
  RollingSummarizerSupplier withLimits(OutputLimits limits) {
    return new RollingSummarizerSupplier(
        model, options, batching, decoder, stores, reading, limits, totals, telemetry);
  }

  /** What its tasks do is counted there, too. */
  public RollingSummarizerSupplier withTotals(Totals totals) {
    return new RollingSummarizerSupplier(
        model, options, batching, decoder, stores, reading, limits, totals, telemetry);
  }

  /** Chunks that are traced get a span for each summary they bring. */
  public RollingSummarizerSupplier withTelemetry(OpenTelemetry telemetry) {
    return new RollingSummarizerSupplier(
        model, options, batching, decoder, stores, reading, limits, totals, telemetry);
  }

  /** How often its tasks knew the sentences that they read. */
  public SentenceUse sentenceUse() {
    return shared.readers().use();
  }

  /** What all of its tasks have in common. */
  Shared shared() {
    return shared;
  }

  @Override
  public Processor<byte[], byte[], byte[], Emission> get() {
    return new RollingSummarizer(
        model, reading.apply(shared.readers().get()), options, batching, decoder, stores, shared);
  }

  @Override
  public Set<StoreBuilder<?>> stores() {
    // changelog records are as large as a session or a long chunk: StateSizeCheck says how large
    Map<String, String> changelog =
        Map.of("max.message.bytes", Integer.toString(StateSizeCheck.CHANGELOG_MAX_MESSAGE_BYTES));
    Set<StoreBuilder<?>> builders = new LinkedHashSet<>();
    // cached, so that what is put and deleted within one transaction never reaches the changelog
    builders.add(
        Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(stores.sessions()),
                Serdes.String(),
                GistreamSerdes.session())
            .withLoggingEnabled(changelog)
            .withCachingEnabled());
    builders.add(
        Stores.keyValueStoreBuilder(
                Stores.persistentKeyValueStore(stores.memories()),
                Serdes.Bytes(),
                Serdes.ByteArray())
            .withLoggingEnabled(changelog)
            .withCachingEnabled());
    builders.add(
        Stores.<Bytes, InboxEntry>keyValueStoreBuilder(
                Stores.persistentKeyValueStore(stores.inbox()),
                Serdes.Bytes(),
                GistreamSerdes.inboxEntry())
            .withLoggingEnabled(changelog)
            .withCachingEnabled());
    return builders;
  }
}
