package io.gistream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gistream.avro.RollingSummary;
import io.gistream.avro.TranscriptChunk;
import io.gistream.config.BatchOptions;
import io.gistream.config.SummaryOptions;
import io.gistream.model.SummaryModel;
import io.gistream.serde.AvroCodec;
import io.gistream.serde.GistreamSerdes;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedPunctuator;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.internals.WrappedStateStore;

/**
 * A processor from its start to its end, without a topology around it, so that its stores can be
 * damaged before it starts.
 */
final class ProcessorLife implements AutoCloseable {
  private final MockProcessorContext<byte[], Emission> context;
  private final Map<String, KeyValueStore<?, ?>> stores = new LinkedHashMap<>();
  private final Processor<byte[], byte[], byte[], Emission> processor;
  private long offset;

  /**
   * Opens the stores.
   *
   * @param directory of the stores that have files
   * @param kind makes a store of a name
   */
  ProcessorLife(
      SummaryModel model,
      SummaryOptions options,
      Instant now,
      Path directory,
      Function<String, KeyValueBytesStoreSupplier> kind) {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
    context = new MockProcessorContext<>(config, new TaskId(0, 0), directory.toFile());
    context.setCurrentSystemTimeMs(now.toEpochMilli());
    StoreNames names = StoreNames.defaults();
    try {
      open(kind.apply(names.sessions()), Serdes.String(), GistreamSerdes.session());
      open(kind.apply(names.memories()), Serdes.Bytes(), Serdes.ByteArray());
      open(kind.apply(names.inbox()), Serdes.Bytes(), GistreamSerdes.inboxEntry());
    } catch (RuntimeException e) {
      stores.values().forEach(KeyValueStore::close);
      throw e;
    }
    processor =
        RollingSummarizerSupplier.of(model)
            .withOptions(options)
            .withBatching(BatchOptions.defaults())
            .get();
  }

  private <K, V> void open(KeyValueBytesStoreSupplier supplier, Serde<K> keys, Serde<V> values) {
    KeyValueStore<K, V> store =
        Stores.keyValueStoreBuilder(supplier, keys, values).withLoggingDisabled().build();
    store.init(context.getStateStoreContext(), store);
    context.addStateStore(store);
    stores.put(store.name(), store);
  }

  void begin() {
    processor.init(context);
  }

  void send(TranscriptChunk chunk, Instant time) {
    context.setRecordMetadata("chunks", 0, offset++);
    processor.process(
        new Record<>(
            chunk.getStreamId().getBytes(UTF_8),
            AvroCodec.chunk().encode(chunk),
            time.toEpochMilli(),
            new RecordHeaders()));
  }

  void drain() {
    for (CapturedPunctuator punctuator : context.scheduledPunctuators()) {
      if (!punctuator.cancelled()) {
        punctuator.getPunctuator().punctuate(context.currentSystemTimeMs());
      }
    }
  }

  /** The summaries of each stream, in order. */
  Map<String, List<RollingSummary>> summaries() {
    Map<String, List<RollingSummary>> summaries = new TreeMap<>();
    context
        .forwarded()
        .forEach(
            forwarded -> {
              if (forwarded.record().value() instanceof Emission.Summary given) {
                RollingSummary summary = given.summary();
                summaries
                    .computeIfAbsent(summary.getStreamId(), id -> new ArrayList<>())
                    .add(summary);
              }
            });
    return summaries;
  }

  /** The bytes in a store. */
  Map<Bytes, byte[]> contents(String store) {
    Map<Bytes, byte[]> contents = new LinkedHashMap<>();
    try (var all = raw(store).all()) {
      all.forEachRemaining(entry -> contents.put(entry.key, entry.value));
    }
    return contents;
  }

  void put(String store, Bytes key, byte[] value) {
    raw(store).put(key, value);
  }

  @SuppressWarnings("unchecked") // what lies below the serdes
  private KeyValueStore<Bytes, byte[]> raw(String store) {
    return (KeyValueStore<Bytes, byte[]>)
        ((WrappedStateStore<?, ?, ?>) stores.get(store)).wrapped();
  }

  @Override
  public void close() {
    try {
      stores.values().forEach(store -> store.commit(Map.of()));
    } finally {
      stores.values().forEach(KeyValueStore::close);
    }
  }
}
