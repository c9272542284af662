package io.gistream.stream;

import io.gistream.avro.InboxEntry;
import io.gistream.avro.RollingSummary;
import io.gistream.avro.SessionState;
import io.gistream.config.BatchOptions;
import io.gistream.config.SummaryOptions;
import io.gistream.model.SummaryModel;
import io.gistream.serde.SchemaUnavailableException;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.StreamsNotStartedException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreType;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gistream's own Kafka Streams instance: started, watched, asked and closed here. */
public final class GistreamStreams implements LiveStreams, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GistreamStreams.class);
  private static final int MAX_REQUEST_SIZE = StateSizeCheck.CHANGELOG_MAX_MESSAGE_BYTES;

  /**
   * A thread that dies is replaced; one that dies over and over has a cause that a new one will not
   * cure.
   */
  private static final int MAX_REPLACED_THREADS = 10;

  private static final Duration REPLACEMENT_WINDOW = Duration.ofMinutes(10);

  private static final Duration PAUSE_BEFORE_REPLACEMENT = Duration.ofSeconds(3);

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

  private final KafkaStreams streams;
  private final StoreNames stores = StoreNames.defaults();
  private final Totals totals = new Totals();
  private final RestoreProgress restoring = new RestoreProgress();
  private final String chunksTopic;
  private final Deque<Long> replaced = new ArrayDeque<>();
  private final double maxPollIntervalMillis;
  private final boolean staticMember;
  private volatile boolean stateOfAnotherModel;

  /** As the other one, with Avro single-object encoding on all topics. */
  public GistreamStreams(
      StreamOptions options,
      SummaryOptions summaryOptions,
      BatchOptions batching,
      SummaryModel model) {
    this(
        options,
        summaryOptions,
        batching,
        TopicFormats.singleObject(),
        OpenTelemetry.noop(),
        model);
  }

  /**
   * Builds the instance; nothing runs before {@link #start}. The model stays the caller's to close,
   * after this.
   */
  public GistreamStreams(
      StreamOptions options,
      SummaryOptions summaryOptions,
      BatchOptions batching,
      TopicFormats formats,
      OpenTelemetry telemetry,
      SummaryModel model) {
    Topology topology =
        GistreamTopology.build(
            options.topics(),
            RollingSummarizerSupplier.of(model)
                .withOptions(summaryOptions)
                .withBatching(batching)
                .withDecoder(formats.chunks())
                .withStores(stores)
                .withTotals(totals)
                .withTelemetry(telemetry),
            formats.summaries());
    StreamsConfig config = new StreamsConfig(config(options));
    this.streams = new KafkaStreams(topology, config);
    this.maxPollIntervalMillis = maxPollIntervalMillis(config, options.applicationId());
    this.staticMember =
        config
            .getMainConsumerConfigs(options.applicationId(), "main", 0)
            .containsKey(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
    this.chunksTopic = options.topics().chunks();
    streams.setGlobalStateRestoreListener(restoring);
    streams.setUncaughtExceptionHandler(this::onUncaught);
  }

  private static double maxPollIntervalMillis(StreamsConfig config, String applicationId) {
    Map<String, Object> given = config.getMainConsumerConfigs(applicationId, "main", 0);
    Object millis =
        given.getOrDefault(
            ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
            ConsumerConfig.configDef()
                .defaultValues()
                .get(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG));
    return Double.parseDouble(String.valueOf(millis));
  }

  /** Settings of Kafka Streams and its clients. */
  static Map<String, Object> config(StreamOptions options) {
    Map<String, Object> config = new HashMap<>();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, options.applicationId());
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, options.bootstrapServers());
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, options.threads());
    if (!options.brokerCoordinated()) {
      config.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, options.standbyReplicas());
    }
    config.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, options.replicationFactor());
    config.put(StreamsConfig.STATE_DIR_CONFIG, options.stateDirectory().toString());
    config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    config.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_GLOBAL_ENABLED_CONFIG, true);
    // batches are read between polls, so a poll without records must not last
    config.put(StreamsConfig.POLL_MS_CONFIG, 10L);
    config.put(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), MAX_REQUEST_SIZE);
    config.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
    // a long chunk is many segments: the transaction must outlast the reading of a full batch of
    // them
    config.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), 60_000);
    config.putAll(options.kafkaConfig());
    return config;
  }

  /**
   * How much of {@code max.poll.interval.ms} was left, at least, between two polls of the last
   * minute: 1 when polls follow each other at once, 0 when a thread was about to be thrown out of
   * the group, less when one was. 1 before the first poll.
   */
  public double pollHeadroom() {
    return 1 - measured().longestPollMillis() / maxPollIntervalMillis;
  }

  /** What has been done since this was built. */
  public Totals totals() {
    return totals;
  }

  /** Records of the chunks topic that are not polled yet, of this instance's partitions. */
  public double consumerLag() {
    return measured().lag(chunksTopic);
  }

  /** Bytes of the state stores of this instance. */
  public double stateBytes() {
    return measured().stateBytes();
  }

  /** Records of the changelogs still to be read before work begins. */
  public long restoreRemaining() {
    return restoring.remaining();
  }

  private ClientMetrics measured() {
    return new ClientMetrics(streams.metrics());
  }

  /** Whether this stopped, or never ran, because the state is that of another model. */
  public boolean foundStateOfAnotherModel() {
    return stateOfAnotherModel;
  }

  private StreamThreadExceptionResponse onUncaught(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null && cause.getCause() != cause) {
      if (cause instanceof SchemaUnavailableException unavailable) {
        return onUnavailable(unavailable);
      }
      cause = cause.getCause();
    }
    stateOfAnotherModel |= cause instanceof StateOfAnotherModelException;
    if (stateOfAnotherModel || tooManyReplaced()) {
      LOG.error("Stopping: {}", cause.getMessage(), e);
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    LOG.error("A stream thread failed and is replaced: {}", cause.getMessage(), e);
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  /**
   * A schema that a record needs cannot be had now, which no stop cures: work begins anew for as
   * long as it takes.
   */
  private static StreamThreadExceptionResponse onUnavailable(SchemaUnavailableException cause) {
    LOG.error("A stream thread waits and begins anew: {}", cause.getMessage());
    try {
      Thread.sleep(PAUSE_BEFORE_REPLACEMENT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  private synchronized boolean tooManyReplaced() {
    long now = System.nanoTime();
    replaced.add(now);
    while (now - replaced.getFirst() > REPLACEMENT_WINDOW.toNanos()) {
      replaced.removeFirst();
    }
    return replaced.size() > MAX_REPLACED_THREADS;
  }

  /**
   * Starts the stream threads.
   *
   * @param onStop called once when the streams have stopped for good, for whatever reason
   */
  public void start(Runnable onStop) {
    streams.setStateListener(
        (now, before) -> {
          if (now == KafkaStreams.State.ERROR || now == KafkaStreams.State.NOT_RUNNING) {
            onStop.run();
          }
        });
    streams.start();
  }

  /**
   * Waits until every partition is assigned and restored; false when that takes longer than
   * allowed.
   */
  public boolean awaitRunning(Duration atMost) throws InterruptedException {
    long until = System.nanoTime() + atMost.toNanos();
    while (streams.state() != KafkaStreams.State.RUNNING) {
      if (System.nanoTime() - until > 0 || streams.state().hasCompletedShutdown()) {
        return false;
      }
      Thread.sleep(20);
    }
    return true;
  }

  /** The instance itself, for metrics and listeners. */
  public KafkaStreams kafkaStreams() {
    return streams;
  }

  @Override
  public State state() {
    return State.valueOf(streams.state().name());
  }

  @Override
  public boolean restored() {
    // a client is RUNNING only once every active task is restored
    return streams.state() == KafkaStreams.State.RUNNING;
  }

  @Override
  public boolean anyThreadDead() {
    return streams.state() == KafkaStreams.State.ERROR
        || streams.state() == KafkaStreams.State.PENDING_ERROR
        || streams.metadataForLocalThreads().stream()
            .anyMatch(thread -> thread.threadState().equals("DEAD"));
  }

  @Override
  public List<StreamInfo> streams() {
    List<StreamInfo> infos = new ArrayList<>();
    try (KeyValueIterator<String, SessionState> all = sessions().all()) {
      while (all.hasNext()) {
        infos.add(info(all.next().value));
      }
    } catch (InvalidStateStoreException e) {
      throw notReady(e);
    }
    infos.sort(Comparator.comparing(StreamInfo::id));
    return infos;
  }

  @Override
  public Optional<RollingSummary> summary(String streamId) {
    try {
      return Optional.ofNullable(sessions().get(streamId)).flatMap(GistreamStreams::latest);
    } catch (InvalidStateStoreException e) {
      throw notReady(e);
    }
  }

  /**
   * A talk that fell silent keeps its last summary as it was, in case it goes on; asked for, it is
   * the final one.
   */
  private static Optional<RollingSummary> latest(SessionState state) {
    RollingSummary latest = state.getLatest();
    if (latest == null || !state.getClosed() || latest.getFinal$()) {
      return Optional.ofNullable(latest);
    }
    return Optional.of(
        new RollingSummary(
            latest.getStreamId(),
            latest.getEpoch(),
            latest.getRevision(),
            latest.getText(),
            latest.getSentences(),
            latest.getAdded(),
            latest.getRemoved(),
            latest.getCovered(),
            latest.getGaps(),
            false,
            true,
            latest.getStartMillis(),
            latest.getEndMillis(),
            latest.getWordsHeard(),
            latest.getModelName(),
            latest.getModelVersion()));
  }

  private ReadOnlyKeyValueStore<String, SessionState> sessions() {
    return store(stores.sessions(), QueryableStoreTypes.<String, SessionState>keyValueStore());
  }

  private <T> T store(String name, QueryableStoreType<T> type) {
    try {
      return streams.store(StoreQueryParameters.fromNameAndType(name, type));
    } catch (StreamsNotStartedException | IllegalStateException e) {
      throw notReady(e);
    }
  }

  private NotReadyException notReady(Exception e) {
    return new NotReadyException(
        "the streams are " + streams.state() + "; partitions are being moved or restored", e);
  }

  /**
   * Whether chunks were taken from the topic that are still to be read.
   *
   * @throws NotReadyException while partitions are on the move
   */
  public boolean isBehind() {
    try (KeyValueIterator<Bytes, InboxEntry> inbox =
        store(stores.inbox(), QueryableStoreTypes.<Bytes, InboxEntry>keyValueStore()).all()) {
      while (inbox.hasNext()) {
        if (Inbox.isOfQueued(inbox.next().key.get())) {
          return true;
        }
      }
      return false;
    } catch (InvalidStateStoreException e) {
      throw notReady(e);
    }
  }

  private static StreamInfo info(SessionState state) {
    RollingSummary latest = state.getLatest();
    return new StreamInfo(
        state.getStreamId(),
        state.getEpoch(),
        latest == null ? 0 : latest.getRevision(),
        state.getNextSequence(),
        latest == null ? 0 : latest.getWordsHeard(),
        state.getLastTimestamp(),
        state.getEnded() || state.getClosed(),
        latest != null && latest.getProvisional(),
        latest == null ? 0 : latest.getGaps().size());
  }

  /** As {@link #stop()}. */
  @Override
  public void close() {
    stop();
  }

  /**
   * Leaves the group at once, so that others take over without waiting for a timeout; a static
   * member, which is expected back, stays.
   *
   * @return whether every thread has ended; if not, one may still be in the model
   */
  public boolean stop() {
    return streams.close(
        CloseOptions.groupMembershipOperation(
                staticMember
                    ? GroupMembershipOperation.REMAIN_IN_GROUP
                    : GroupMembershipOperation.LEAVE_GROUP)
            .withTimeout(CLOSE_TIMEOUT));
  }
}
