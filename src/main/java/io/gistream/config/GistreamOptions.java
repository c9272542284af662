package io.gistream.config;

import io.gistream.config.SummaryOptions.SummaryEvery;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Every option of Gistream, in the order in which it is shown. {@code docs/configuration.md} is
 * made from this.
 */
public final class GistreamOptions {
  private static final OptionType<String> TOPIC =
      OptionType.text(
          "a topic name: 1 to 249 letters, digits, dots, hyphens or underscores",
          "(?!\\.{1,2}$)[A-Za-z0-9._-]{1,249}");

  /** As Kafka reads it: a protocol may stand before it, IPv6 addresses are in brackets. */
  private static final String HOST_AND_PORT =
      "([A-Za-z0-9_]+://)?(\\[[^\\s,\\]]+]|[^\\s,:/\\[\\]]+):\\d{1,5}";

  private static final String REDACTION_KIND = "(email|phone|card)";
  private static final String REGISTRY_URL = "https?://[^\\s,@?#]+";

  public static final Option<String> APPLICATION_ID =
      Option.of(
          "application.id",
          OptionType.text(
              "1 to 100 letters, digits, dots, hyphens or underscores", "[A-Za-z0-9._-]{1,100}"),
          "gistream",
          "Name of the consumer group, and prefix of the internal topics; all instances that share"
              + " the work have the same.");
  public static final Option<String> BOOTSTRAP_SERVERS =
      Option.of(
          "bootstrap.servers",
          OptionType.text(
              "host:port, or several with commas between",
              HOST_AND_PORT + "(\\s*,\\s*" + HOST_AND_PORT + ")*"),
          "localhost:9092",
          "Kafka brokers to ask first.");
  public static final Option<String> TOPICS_CHUNKS =
      Option.of(
          "topics.chunks", TOPIC, "gistream.chunks", "Topic that transcript chunks come from.");
  public static final Option<String> TOPICS_SUMMARIES =
      Option.of(
          "topics.summaries",
          TOPIC,
          "gistream.summaries",
          "Topic that rolling summaries go to; compacted.");
  public static final Option<String> TOPICS_DEAD_LETTERS =
      Option.of(
          "topics.dead-letters",
          TOPIC,
          "gistream.dead-letters",
          "Topic that records which cannot be read go to, unchanged.");
  public static final Option<Integer> TOPICS_PARTITIONS =
      Option.of(
          "topics.partitions",
          OptionType.wholeNumber(1, 10_000),
          "6",
          "Partitions of the topics that Gistream creates; the most threads that can share the"
              + " work.");
  public static final Option<Integer> TOPICS_REPLICATION_FACTOR =
      Option.of(
          "topics.replication-factor",
          OptionType.replicationFactor(),
          "1",
          "Replicas of the topics that Gistream creates, internal ones too: 3 for production, -1"
              + " for the broker's default.");

  /** What the values of the chunks topic are. */
  public enum InputFormat {
    /** {@code TranscriptChunk}, in single-object encoding or a registry's wire format. */
    AVRO,
    /** JSON of any form, read by pointers. */
    JSON
  }

  public static final Option<InputFormat> INPUT_FORMAT =
      Option.of(
          "input.format",
          OptionType.oneOf(InputFormat.class),
          "avro",
          "What the values of the chunks topic are: TranscriptChunk in Avro, or JSON of any form,"
              + " read with the pointers below.");
  public static final Option<String> INPUT_JSON_TEXT =
      Option.of(
          "input.json.text", OptionType.jsonPointer(), "/text", "Where the text of a chunk is.");
  public static final Option<String> INPUT_JSON_SEQUENCE =
      Option.of(
          "input.json.sequence",
          OptionType.jsonPointer(),
          "/sequence",
          "Where the position in the talk is: a whole number, one more for each chunk.");
  public static final Option<String> INPUT_JSON_STREAM_ID =
      Option.of(
          "input.json.stream-id",
          OptionType.optionalJsonPointer(),
          "",
          "Where the stream id is; it must equal the record key. Empty where only the key says"
              + " it.");
  public static final Option<String> INPUT_JSON_SPEAKER =
      Option.of(
          "input.json.speaker",
          OptionType.optionalJsonPointer(),
          "/speaker",
          "Where the speaker is, a text or a number; may be missing.");
  public static final Option<String> INPUT_JSON_START =
      Option.of(
          "input.json.start",
          OptionType.optionalJsonPointer(),
          "/startMillis",
          "Where the start in the talk is, a number; may be missing.");
  public static final Option<String> INPUT_JSON_END =
      Option.of(
          "input.json.end",
          OptionType.optionalJsonPointer(),
          "/endMillis",
          "Where the end in the talk is, a number; may be missing.");

  /** Of times in JSON. */
  public enum TimeUnit {
    MILLISECONDS,
    SECONDS
  }

  public static final Option<TimeUnit> INPUT_JSON_TIME_UNIT =
      Option.of(
          "input.json.time-unit",
          OptionType.oneOf(TimeUnit.class),
          "milliseconds",
          "Unit of start and end.");
  public static final Option<String> INPUT_JSON_CONFIRMED =
      Option.of(
          "input.json.confirmed",
          OptionType.optionalJsonPointer(),
          "",
          "Where true or false says whether the recogniser will not change the chunk any more;"
              + " empty when all are final.");
  public static final Option<String> INPUT_JSON_END_OF_STREAM =
      Option.of(
          "input.json.end-of-stream",
          OptionType.optionalJsonPointer(),
          "/endOfStream",
          "Where true says that the talk ends with the chunk; may be missing.");

  public static final Option<String> REDACTION_PATTERNS =
      Option.of(
          "redaction.patterns",
          OptionType.text(
              "empty, or one or more of email, phone, card with commas between",
              "|" + REDACTION_KIND + "(\\s*,\\s*" + REDACTION_KIND + ")*"),
          "",
          "What is masked in text, speaker and attributes of a chunk before anything is kept of"
              + " it.");
  public static final Option<Optional<Path>> REDACTION_EXPRESSIONS =
      Option.of(
          "redaction.expressions",
          OptionType.optionalPath(),
          "",
          "File of more that is masked: a name, a blank and a regular expression in RE2's syntax a"
              + " line.");
  public static final Option<Boolean> REDACTION_KEEP_REJECTED =
      Option.of(
          "redaction.keep-rejected",
          OptionType.trueOrFalse(),
          "true",
          "Whether records that cannot be read go to the dead letters with their value, which"
              + " nobody has masked; false leaves it out, and they cannot be put back.");

  public static final Option<String> SCHEMA_REGISTRY_URL =
      Option.of(
          "schema-registry.url",
          OptionType.text(
              "empty, or http://host:port or https://host:port, or several with commas between",
              "|" + REGISTRY_URL + "(\\s*,\\s*" + REGISTRY_URL + ")*"),
          "",
          "Schema registry with Confluent's REST interface. Where one is given, summaries are"
              + " written in its wire format, and chunks are read in that and in ours.");
  public static final Option<Boolean> SCHEMA_REGISTRY_AUTO_REGISTER =
      Option.of(
          "schema-registry.auto-register",
          OptionType.trueOrFalse(),
          "true",
          "Whether a schema that the registry does not know is registered; without, it must be"
              + " there at start.");

  /** What the subject of a value's schema is called. */
  public enum SubjectNaming {
    /** {@code <topic>-value}. */
    TOPIC,
    /** The record's full name. */
    RECORD,
    /** {@code <topic>-<full name>}. */
    TOPIC_RECORD
  }

  public static final Option<SubjectNaming> SCHEMA_REGISTRY_SUBJECT_NAMING =
      Option.of(
          "schema-registry.subject-naming",
          OptionType.oneOf(SubjectNaming.class),
          "topic",
          "Subject that a schema is registered under: TOPIC-value, the record's full name, or both"
              + " joined by a hyphen.");
  public static final Option<String> SCHEMA_REGISTRY_USER =
      Option.of(
          "schema-registry.user",
          OptionType.anyText(),
          "",
          "User name for basic authentication at the registry; empty for none.");
  public static final Option<String> SCHEMA_REGISTRY_PASSWORD =
      Option.secret(
          "schema-registry.password",
          OptionType.anyText(),
          "",
          "Password for basic authentication at the registry.");
  public static final Option<Optional<Path>> SCHEMA_REGISTRY_TRUST =
      Option.of(
          "schema-registry.trust",
          OptionType.optionalPath(),
          "",
          "File of the certificates that the registry's is checked with, PEM, PKCS#12 or JKS; empty"
              + " for those that Java knows.");
  public static final Option<String> SCHEMA_REGISTRY_TRUST_PASSWORD =
      Option.secret(
          "schema-registry.trust-password",
          OptionType.anyText(),
          "",
          "Password of schema-registry.trust, where that is a key store that has one.");
  public static final Option<Optional<Path>> SCHEMA_REGISTRY_CLIENT_KEY =
      Option.of(
          "schema-registry.client-key",
          OptionType.optionalPath(),
          "",
          "Key store, PKCS#12 or JKS, with key and certificate that we show the registry; empty for"
              + " none.");
  public static final Option<String> SCHEMA_REGISTRY_CLIENT_KEY_PASSWORD =
      Option.secret(
          "schema-registry.client-key-password",
          OptionType.anyText(),
          "",
          "Password of schema-registry.client-key and of the key in it.");
  public static final Option<Duration> SCHEMA_REGISTRY_PATIENCE =
      Option.of(
          "schema-registry.patience",
          OptionType.duration("1s", "45s"),
          "20s",
          "How long a question to the registry is repeated while no answer comes. Then the stream"
              + " thread gives up its transaction and begins anew, for as long as it takes.");

  public static final Option<Integer> SEGMENT_MIN_TOKENS =
      Option.of(
          "segment.min-tokens",
          OptionType.wholeNumber(1, 4096),
          "96",
          "Tokens from which a segment is long enough to enter the memory; shorter chunks are"
              + " joined until then.");
  public static final Option<Integer> SEGMENT_MAX_TOKENS =
      Option.of(
          "segment.max-tokens",
          OptionType.wholeNumber(1, 4096),
          "224",
          "Most tokens of a segment; a longer chunk is split at the ends of sentences.");
  public static final Option<Duration> SEGMENT_MAX_AGE =
      Option.of(
          "segment.max-age",
          OptionType.duration("1s", "1d"),
          "60s",
          "Event time after which a segment enters the memory however short it is.");
  public static final Option<Integer> SUMMARY_BUDGET_WORDS =
      Option.of(
          "summary.budget-words",
          OptionType.wholeNumber(10, 10_000),
          "120",
          "Most words of a summary.");
  public static final Option<SummaryEvery> SUMMARY_EVERY =
      Option.of(
          "summary.every",
          OptionType.oneOf(SummaryEvery.class),
          "chunk",
          "After what a summary is given: each chunk, with what is still open read provisionally"
              + " and drafts too; or each segment that enters the memory, for about half the work."
              + " Final summaries and those that a correction brings are always given.");
  public static final Option<Integer> CHUNK_MAX_CHARACTERS =
      Option.of(
          "chunk.max-characters",
          OptionType.wholeNumber(1, 1_000_000),
          "65536",
          "Most characters of a chunk; a longer one is a dead letter.");

  public static final Option<Duration> ORDERING_GRACE =
      Option.of(
          "ordering.grace",
          OptionType.duration("0s", "1h"),
          "10s",
          "How long a chunk waits for missing ones before it; after that the gap is recorded in the"
              + " summary and work goes on.");
  public static final Option<Integer> ORDERING_MAX_WAITING =
      Option.of(
          "ordering.max-waiting",
          OptionType.wholeNumber(1, 100_000),
          "256",
          "Most chunks of one stream that wait for missing ones; one more ends the wait.");
  public static final Option<Duration> SESSION_IDLE_TIMEOUT =
      Option.of(
          "session.idle-timeout",
          OptionType.duration("1s", "30d"),
          "30m",
          "Silence after which a talk ends and its final summary is given.");
  public static final Option<Duration> SESSION_RETENTION =
      Option.of(
          "session.retention",
          OptionType.duration("0s", "365d"),
          "24h",
          "How long the state of an ended talk is kept, so that late repeats are told from a new"
              + " talk.");

  public static final Option<Boolean> SESSION_RETENTION_TOMBSTONE =
      Option.of(
          "session.retention-tombstone",
          OptionType.trueOrFalse(),
          "false",
          "Whether the last summary of a talk is deleted from the summaries topic when its state"
              + " is.");

  public static final Option<Integer> CORRECTION_HORIZON =
      Option.of(
          "correction.horizon",
          OptionType.wholeNumber(0, 64),
          "2",
          "Segments back to which a chunk that was read can be replaced by another with its"
              + " sequence number, or a missing one still fill its gap, and at most 1024 chunks;"
              + " what comes later is a dead letter.");
  public static final Option<Integer> MEMORY_CHECKPOINT_INTERVAL =
      Option.of(
          "memory.checkpoint-interval",
          OptionType.wholeNumber(1, 64),
          "4",
          "Segments after which a stream's memory is written to its changelog; those since are read"
              + " again after a restart. No summary depends on it.");
  public static final Option<DataSize> MEMORY_CACHE_SIZE =
      Option.of(
          "memory.cache-size",
          OptionType.dataSize("0B", "1024GiB"),
          "256MiB",
          "Heap in which the process keeps the memories of live streams, 64 to 100 KiB each with the"
              + " bundled model; those of others are told again from their checkpoints.");

  public static final Option<Integer> BATCH_MAX_SEGMENTS =
      Option.of(
          "batch.max-segments",
          OptionType.wholeNumber(1, 4096),
          "32",
          "Most segments, each of another stream, that run through the model together.");
  public static final Option<Duration> BATCH_LINGER =
      Option.of(
          "batch.linger",
          OptionType.duration("1ms", "10s"),
          "10ms",
          "How long the first segment of a batch waits for others.");
  public static final Option<Duration> BATCH_TIME_BUDGET =
      Option.of(
          "batch.time-budget",
          OptionType.duration("1ms", "60s"),
          "2s",
          "How long a stream thread works on waiting segments before it polls Kafka again.");
  public static final Option<Integer> STREAM_THREADS =
      Option.of(
          "stream.threads",
          OptionType.wholeNumber(1, 1024),
          "1",
          "Stream threads of this process; each takes whole partitions.");
  public static final Option<Integer> STREAM_STANDBY_REPLICAS =
      Option.of(
          "stream.standby-replicas",
          OptionType.wholeNumber(0, 16),
          "0",
          "Other processes that keep a copy of each partition's state, to take over without"
              + " restoring it.");
  public static final Option<Integer> MODEL_THREADS =
      Option.of(
          "model.threads",
          OptionType.wholeNumber(1, 1024),
          "1",
          "Threads that the model may use for one batch.");

  public static final Option<DataSize> MODEL_CACHE_SIZE =
      Option.of(
          "model.cache-size",
          OptionType.dataSize("0B", "1024GiB"),
          "64MiB",
          "Heap in which the process keeps what it knows of the sentences read last: three quarters"
              + " for what the encoder made of them, about 2 KiB each with the bundled model, the"
              + " rest for their tokens, how they are shown and what they are worth. The sentences of open segments"
              + " should fit, about ten for each live talk, and the candidates, about thirty: what"
              + " does not is worked out again at every chunk. Models that write use the rest only.");

  public static final Option<Optional<Path>> MODEL_PATH =
      Option.of(
          "model.path",
          OptionType.optionalPath(),
          "",
          "Directory of the model package; empty for the bundled one.");

  /** In what the model multiplies. */
  public enum ModelPrecision {
    FP32,
    INT8
  }

  public static final Option<ModelPrecision> MODEL_PRECISION =
      Option.of(
          "model.precision",
          OptionType.oneOf(ModelPrecision.class),
          "fp32",
          "In what the model multiplies: fp32; or int8, which takes less than half the"
              + " time on processors with VNNI and gives slightly other summaries. One is another"
              + " model than the other (on-model-change).");

  /** What computes the model. */
  public enum ModelProvider {
    CPU,
    CUDA
  }

  public static final Option<ModelProvider> MODEL_PROVIDER =
      Option.of(
          "model.provider",
          OptionType.oneOf(ModelProvider.class),
          "cpu",
          "What computes the model: cpu; or cuda, a GPU of NVIDIA, which takes a build with"
              + " onnxruntime_gpu and the libraries of CUDA (docs/deployment.md), goes with"
              + " model.precision=fp32 only, and gives up that the same chunks bring the same bytes."
              + " Not run on a GPU yet.");

  /** What to do with state that another model has written. */
  public enum OnModelChange {
    /** Stop with a message. */
    FAIL,
    /** Delete it and read the chunks topic again from its beginning. */
    REBUILD
  }

  public static final Option<OnModelChange> ON_MODEL_CHANGE =
      Option.of(
          "on-model-change",
          OptionType.oneOf(OnModelChange.class),
          "fail",
          "When the state was written by another model than the one that is loaded: stop, or delete"
              + " it and summarise the chunks topic again from its beginning.");
  public static final Option<Path> STATE_DIR =
      Option.of(
          "state.dir",
          OptionType.path(),
          "~/.gistream/state",
          "Directory of the local state, which is rebuilt from Kafka when it is lost.");
  public static final Option<DataSize> STATE_MEMORY_SIZE =
      Option.of(
          "state.memory-size",
          OptionType.dataSize("8MiB", "1024GiB"),
          "128MiB",
          "Memory outside the heap in which the process holds its local state: blocks read from"
              + " the disk, and what is not written yet; for all partitions together.");
  public static final Option<String> HTTP_HOST = HttpSettings.HOST;
  public static final Option<Integer> HTTP_PORT = HttpSettings.PORT;

  /** How a line of the log looks. */
  public enum LogFormat {
    /** For people. */
    TEXT,
    /** An object a line. */
    JSON
  }

  public static final Option<LogFormat> LOG_FORMAT =
      Option.of(
          "log.format",
          OptionType.oneOf(LogFormat.class),
          "text",
          "How the log on standard error looks: lines for people, or a JSON object a line.");

  /** From which level on Gistream's own loggers log. */
  public enum LogLevel {
    TRACE,
    DEBUG,
    INFO,
    WARN,
    ERROR
  }

  public static final Option<LogLevel> LOG_LEVEL =
      Option.of(
          "log.level",
          OptionType.oneOf(LogLevel.class),
          "info",
          "Level from which Gistream logs; libraries log warnings and errors.");
  public static final Option<String> TRACING_OTLP_ENDPOINT =
      Option.of(
          "tracing.otlp-endpoint",
          OptionType.text("empty, or a URL with http or https", "|https?://[^\\s@]+"),
          "",
          "Where spans are sent by OTLP over HTTP, for example http://collector:4318/v1/traces;"
              + " empty for nowhere.");

  /** Options that belong together, under a title. */
  record Group(String title, List<Option<?>> options) {}

  /**
   * A rule about several options.
   *
   * @param options those that it is about
   * @param holds whether it is kept
   * @param rule in words
   */
  record Rule(List<Option<?>> options, Predicate<Settings> holds, String rule) {}

  static final List<Group> GROUPS =
      List.of(
          new Group(
              "Kafka",
              List.of(
                  APPLICATION_ID,
                  BOOTSTRAP_SERVERS,
                  TOPICS_CHUNKS,
                  TOPICS_SUMMARIES,
                  TOPICS_DEAD_LETTERS,
                  TOPICS_PARTITIONS,
                  TOPICS_REPLICATION_FACTOR)),
          new Group(
              "What comes in",
              List.of(
                  INPUT_FORMAT,
                  INPUT_JSON_TEXT,
                  INPUT_JSON_SEQUENCE,
                  INPUT_JSON_STREAM_ID,
                  INPUT_JSON_SPEAKER,
                  INPUT_JSON_START,
                  INPUT_JSON_END,
                  INPUT_JSON_TIME_UNIT,
                  INPUT_JSON_CONFIRMED,
                  INPUT_JSON_END_OF_STREAM,
                  REDACTION_PATTERNS,
                  REDACTION_EXPRESSIONS,
                  REDACTION_KEEP_REJECTED)),
          new Group(
              "Schema registry",
              List.of(
                  SCHEMA_REGISTRY_URL,
                  SCHEMA_REGISTRY_AUTO_REGISTER,
                  SCHEMA_REGISTRY_SUBJECT_NAMING,
                  SCHEMA_REGISTRY_USER,
                  SCHEMA_REGISTRY_PASSWORD,
                  SCHEMA_REGISTRY_TRUST,
                  SCHEMA_REGISTRY_TRUST_PASSWORD,
                  SCHEMA_REGISTRY_CLIENT_KEY,
                  SCHEMA_REGISTRY_CLIENT_KEY_PASSWORD,
                  SCHEMA_REGISTRY_PATIENCE)),
          new Group(
              "What a summary says",
              List.of(
                  SUMMARY_BUDGET_WORDS,
                  SUMMARY_EVERY,
                  SEGMENT_MIN_TOKENS,
                  SEGMENT_MAX_TOKENS,
                  SEGMENT_MAX_AGE,
                  CHUNK_MAX_CHARACTERS,
                  MODEL_PATH,
                  MODEL_PRECISION,
                  MODEL_PROVIDER,
                  ON_MODEL_CHANGE)),
          new Group(
              "Order, and the end of a talk",
              List.of(
                  ORDERING_GRACE,
                  ORDERING_MAX_WAITING,
                  CORRECTION_HORIZON,
                  SESSION_IDLE_TIMEOUT,
                  SESSION_RETENTION,
                  SESSION_RETENTION_TOMBSTONE)),
          new Group(
              "Speed",
              List.of(
                  BATCH_MAX_SEGMENTS,
                  BATCH_LINGER,
                  BATCH_TIME_BUDGET,
                  MEMORY_CHECKPOINT_INTERVAL,
                  MEMORY_CACHE_SIZE,
                  STREAM_THREADS,
                  STREAM_STANDBY_REPLICAS,
                  MODEL_THREADS,
                  MODEL_CACHE_SIZE)),
          new Group("This process", List.of(STATE_DIR, STATE_MEMORY_SIZE)),
          new Group("HTTP", HttpSettings.ALL),
          new Group("Logs and traces", List.of(LOG_FORMAT, LOG_LEVEL, TRACING_OTLP_ENDPOINT)));

  private static final List<Rule> OWN_RULES =
      List.of(
          new Rule(
              List.of(SEGMENT_MIN_TOKENS, SEGMENT_MAX_TOKENS),
              it -> it.get(SEGMENT_MIN_TOKENS) <= it.get(SEGMENT_MAX_TOKENS),
              "the first must not be larger than the second"),
          new Rule(
              List.of(ORDERING_GRACE, SESSION_IDLE_TIMEOUT),
              it -> it.get(ORDERING_GRACE).compareTo(it.get(SESSION_IDLE_TIMEOUT)) <= 0,
              "the first must not be longer than the second, or talks end while chunks wait"),
          new Rule(
              List.of(SCHEMA_REGISTRY_USER, SCHEMA_REGISTRY_PASSWORD),
              it ->
                  it.get(SCHEMA_REGISTRY_USER).isEmpty()
                      == it.get(SCHEMA_REGISTRY_PASSWORD).isEmpty(),
              "give both or none"),
          new Rule(
              List.of(MODEL_PRECISION, MODEL_PROVIDER),
              it ->
                  it.get(MODEL_PRECISION) == ModelPrecision.FP32
                      || it.get(MODEL_PROVIDER) == ModelProvider.CPU,
              "int8 is multiplied by the processor only, and would be copied to the GPU and back;"
                  + " give fp32 or cpu"),
          new Rule(
              List.of(TOPICS_CHUNKS, TOPICS_SUMMARIES),
              it -> !it.get(TOPICS_CHUNKS).equals(it.get(TOPICS_SUMMARIES)),
              "must differ, or summaries are summarised"),
          new Rule(
              List.of(TOPICS_CHUNKS, TOPICS_DEAD_LETTERS),
              it -> !it.get(TOPICS_CHUNKS).equals(it.get(TOPICS_DEAD_LETTERS)),
              "must differ, or a dead letter comes back for ever"),
          new Rule(
              List.of(TOPICS_SUMMARIES, TOPICS_DEAD_LETTERS),
              it -> !it.get(TOPICS_SUMMARIES).equals(it.get(TOPICS_DEAD_LETTERS)),
              "must differ, or dead letters replace summaries"));

  static final List<Rule> RULES =
      Stream.of(OWN_RULES, HttpSettings.RULES).flatMap(List::stream).toList();

  /** Kafka's own settings that Gistream sets: use the option named here, or leave it. */
  static final Map<String, Optional<Option<?>>> RESERVED_KAFKA_KEYS =
      Map.ofEntries(
          Map.entry("application.id", Optional.of(APPLICATION_ID)),
          Map.entry("application.server", Optional.of(HttpSettings.ADVERTISED)),
          Map.entry("group.id", Optional.of(APPLICATION_ID)),
          Map.entry("bootstrap.servers", Optional.of(BOOTSTRAP_SERVERS)),
          Map.entry("replication.factor", Optional.of(TOPICS_REPLICATION_FACTOR)),
          Map.entry("num.stream.threads", Optional.of(STREAM_THREADS)),
          Map.entry("num.standby.replicas", Optional.of(STREAM_STANDBY_REPLICAS)),
          Map.entry("state.dir", Optional.of(STATE_DIR)),
          Map.entry("processing.guarantee", Optional.empty()),
          Map.entry("enable.auto.commit", Optional.empty()),
          Map.entry("isolation.level", Optional.empty()),
          Map.entry("deserialization.exception.handler", Optional.empty()),
          Map.entry("processing.exception.handler", Optional.empty()),
          Map.entry("production.exception.handler", Optional.empty()),
          Map.entry("default.deserialization.exception.handler", Optional.empty()),
          Map.entry("default.production.exception.handler", Optional.empty()),
          Map.entry("errors.dead.letter.queue.topic.name", Optional.of(TOPICS_DEAD_LETTERS)));

  private GistreamOptions() {}

  /** All of them, in the order in which they are shown. */
  public static List<Option<?>> all() {
    return GROUPS.stream().<Option<?>>flatMap(group -> group.options().stream()).toList();
  }
}
