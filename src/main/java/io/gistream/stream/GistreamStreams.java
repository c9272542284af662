package io.gistream.stream;

import io.gistream.avro.RollingSummary;
import io.gistream.config.BatchOptions;
import io.gistream.config.SummaryOptions;
import io.gistream.model.SegmentReader;
import io.gistream.model.SentenceUse;
import io.gistream.model.SummaryModel;
import io.gistream.serde.SchemaUnavailableException;
import io.opentelemetry.api.OpenTelemetry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.LogAndFailExceptionHandler;
import org.apache.kafka.streams.errors.LogAndFailProcessingExceptionHandler;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
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

  private final RollingSummarizerSupplier summarizer;
  private final KafkaStreams streams;
  private final StoreMemory storeMemory;
  private final StoreQueries queries;
  private final Instances instances;
  private final Totals totals = new Totals();
  private final RestoreProgress restoring = new RestoreProgress();
  private final String chunksTopic;
  private final Deque<Long> replaced = new ArrayDeque<>();
  private final double maxPollIntervalMillis;
  private final boolean staticMembers;
  private final Path localState;
  private volatile boolean stateOfAnotherModel;
  private volatile boolean failed;

  /** As the other one, with Avro single-object encoding on all topics. */
  public GistreamStreams(
      StreamOptions options,
      SummaryOptions summaryOptions,
      BatchOptions batching,
      SummaryModel model) {
    this(options, summaryOptions, batching, UnaryOperator.identity(), model);
  }

  /**
   * As the other one, with something between the summarizer and the model's own readers: what
   * watches them, say.
   *
   * @param reading given the reader of each task
   */
  public GistreamStreams(
      StreamOptions options,
      SummaryOptions summaryOptions,
      BatchOptions batching,
      UnaryOperator<SegmentReader> reading,
      SummaryModel model) {
    this(
        options,
        summaryOptions,
        batching,
        TopicFormats.singleObject(),
        OpenTelemetry.noop(),
        reading,
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
    this(options, summaryOptions, batching, formats, telemetry, UnaryOperator.identity(), model);
  }

  private GistreamStreams(
      StreamOptions options,
      SummaryOptions summaryOptions,
      BatchOptions batching,
      TopicFormats formats,
      OpenTelemetry telemetry,
      UnaryOperator<SegmentReader> reading,
      SummaryModel model) {
    OutputLimits limits = new OutputLimits(options.topics());
    StoreNames stores = StoreNames.defaults();
    this.summarizer =
        RollingSummarizerSupplier.of(model)
            .withOptions(summaryOptions)
            .withBatching(batching)
            .withDecoder(formats.chunks())
            .withStores(stores)
            .withReading(reading)
            .withLimits(limits)
            .withTotals(totals)
            .withTelemetry(telemetry);
    Topology topology = GistreamTopology.build(options.topics(), summarizer, formats.summaries());
    this.storeMemory = new StoreMemory(batching.storeMemoryBytes());
    StreamsConfig config = new StreamsConfig(config(options, limits, storeMemory));
    this.streams = streams(topology, config, storeMemory);
    this.staticMembers = options.staticMembers();
    this.queries = new StoreQueries(streams, stores, summarizer.shared().cache(), model);
    this.instances =
        new Instances(
            streams,
            stores.sessions(),
            options.topics().chunks(),
            config.getString(StreamsConfig.APPLICATION_SERVER_CONFIG));
    this.maxPollIntervalMillis = maxPollIntervalMillis(config, options.applicationId());
    this.localState = options.stateDirectory().resolve(options.applicationId());
    this.chunksTopic = options.topics().chunks();
    streams.setGlobalStateRestoreListener(restoring);
    streams.setUncaughtExceptionHandler(this::onUncaught);
  }

  private static KafkaStreams streams(Topology topology, StreamsConfig config, StoreMemory memory) {
    try {
      return new KafkaStreams(topology, config);
    } catch (RuntimeException e) {
      memory.close();
      throw e;
    }
  }

  /**
   * What is wrong with the settings of Kafka Streams, and with those of ours that depend on them;
   * empty when all is well.
   */
  public static List<String> problems(StreamOptions options, BatchOptions batching) {
    StreamsConfig config;
    try {
      config = new StreamsConfig(config(options));
    } catch (ConfigException | IllegalArgumentException e) {
      return List.of("Kafka Streams does not take its settings: " + e.getMessage());
    }
    List<String> problems = new ArrayList<>();
    Map<String, Double> limits =
        Map.of(
            ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
            maxPollIntervalMillis(config, options.applicationId()),
            ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
            millis(
                config.getProducerConfigs("problems"), ProducerConfig.TRANSACTION_TIMEOUT_CONFIG));
    new TreeMap<>(limits)
        .forEach(
            (name, millis) -> {
              // a batch that was begun is read to its end, and there is more to do than to read
              if (batching.timeBudget().toMillis() > millis / 2) {
                problems.add(
                    ("batch.time-budget is %d ms, more than half of %s, which is %.0f ms; a thread"
                            + " that works for so long may lose its partitions: lower the one or"
                            + " raise the other")
                        .formatted(batching.timeBudget().toMillis(), name, millis));
              }
            });
    return problems;
  }

  private static double maxPollIntervalMillis(StreamsConfig config, String applicationId) {
    Map<String, Object> given = new HashMap<>(ConsumerConfig.configDef().defaultValues());
    given.putAll(config.getMainConsumerConfigs(applicationId, "main", 0));
    return millis(given, ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG);
  }

  private static double millis(Map<String, Object> config, String name) {
    return Double.parseDouble(String.valueOf(config.get(name)));
  }

  private static Map<String, Object> config(
      StreamOptions options, OutputLimits limits, StoreMemory memory) {
    Map<String, Object> config = new HashMap<>();
    config.put(OutputErrors.LIMITS, limits);
    config.put(StoreMemory.SHARED, memory);
    config.putAll(config(options));
    return config;
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
    // what is wrong with a record is found in the processor and made a dead letter there; an error
    // that gets out of it leaves a batch half done, and only its whole transaction can be taken
    // back
    config.put(
        StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG,
        LogAndFailExceptionHandler.class);
    config.put(
        StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG,
        LogAndFailProcessingExceptionHandler.class);
    config.put(StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, OutputErrors.class);
    config.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, StoreMemory.Setter.class);
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
    return pollHeadroom(streams.metrics().values(), maxPollIntervalMillis);
  }

  static double pollHeadroom(Collection<? extends Metric> metrics, double maxPollIntervalMillis) {
    return 1 - new ClientMetrics(metrics).longestPollMillis() / maxPollIntervalMillis;
  }

  /** What has been done since this was built. */
  public Totals totals() {
    return totals;
  }

  /** How often the sentences that were read were known. */
  public SentenceUse sentenceUse() {
    return summarizer.sentenceUse();
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
    return new ClientMetrics(streams.metrics().values());
  }

  /** Whether this stopped, or never ran, because the state is that of another model. */
  public boolean foundStateOfAnotherModel() {
    return stateOfAnotherModel;
  }

  /** Whether this stopped, or is about to, because of an error. */
  public boolean hasFailed() {
    return failed || streams.state() == KafkaStreams.State.ERROR;
  }

  private StreamThreadExceptionResponse onUncaught(Throwable e) {
    Throwable cause = cause(e);
    if (cause instanceof SchemaUnavailableException unavailable) {
      return onUnavailable(unavailable);
    }
    stateOfAnotherModel |= cause instanceof StateOfAnotherModelException;
    if (stateOfAnotherModel || cause instanceof DamagedStateException || tooManyReplaced()) {
      LOG.error("Stopping: {}", cause.getMessage(), e);
      failed = true;
      if (streams.state().isRunningOrRebalancing()) {
        // left to itself, it would keep its place in the group until a timeout
        streams.close(
            CloseOptions.groupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(Duration.ZERO));
      }
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    LOG.error("A stream thread failed and is replaced: {}", cause.getMessage(), e);
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  /** What is at the bottom of it, or what we have to say about that. */
  static Throwable cause(Throwable e) {
    Throwable cause = e;
    while (!(cause instanceof DamagedStateException)
        && !(cause instanceof SchemaUnavailableException)
        && cause.getCause() != null
        && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    return cause;
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
   * Starts the stream threads, after a look at the local state: what is damaged of it is restored.
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
    LocalState.deleteDamaged(localState);
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
    return failed
        || streams.state() == KafkaStreams.State.ERROR
        || streams.state() == KafkaStreams.State.PENDING_ERROR
        || streams.metadataForLocalThreads().stream()
            .anyMatch(thread -> thread.threadState().equals("DEAD"));
  }

  @Override
  public List<StreamInfo> streams() {
    return queries.streams();
  }

  @Override
  public Optional<StreamInfo> stream(String streamId) {
    return queries.stream(streamId);
  }

  @Override
  public Optional<RollingSummary> summary(String streamId) {
    return queries.summary(streamId);
  }

  @Override
  public Optional<MemoryInfo> memory(String streamId) {
    return queries.memory(streamId);
  }

  @Override
  public ModelInfo model() {
    return queries.model();
  }

  @Override
  public Set<Integer> partitions() {
    return instances.partitions();
  }

  @Override
  public Optional<String> elsewhere(String streamId) {
    return instances.elsewhere(streamId);
  }

  @Override
  public Set<String> others() {
    return instances.others();
  }

  /**
   * Whether chunks were taken from the topic that are still to be read.
   *
   * @throws NotReadyException while partitions are on the move
   */
  public boolean isBehind() {
    return queries.isBehind();
  }

  /** As {@link #stop()}. */
  @Override
  public void close() {
    stop();
  }

  /**
   * Stops in good order: leaves the group at once, so that others take over without waiting for a
   * timeout; or stays a member, if members have names, because it will be back.
   *
   * @return whether every thread has ended; if not, one may still be in the model
   */
  public boolean stop() {
    return stop(
        staticMembers
            ? GroupMembershipOperation.REMAIN_IN_GROUP
            : GroupMembershipOperation.LEAVE_GROUP);
  }

  /** As {@link #stop()}, and for good: no member is left behind. */
  public boolean leave() {
    return stop(GroupMembershipOperation.LEAVE_GROUP);
  }

  private boolean stop(GroupMembershipOperation membership) {
    boolean ended =
        streams.close(CloseOptions.groupMembershipOperation(membership).withTimeout(CLOSE_TIMEOUT));
    if (ended) {
      storeMemory.close(); // a thread that goes on would write into what is no more
    }
    return ended;
  }
}
