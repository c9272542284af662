package io.gistream.config;

import static io.gistream.config.GistreamOptions.APPLICATION_ID;
import static io.gistream.config.GistreamOptions.BOOTSTRAP_SERVERS;
import static io.gistream.config.GistreamOptions.HTTP_HOST;
import static io.gistream.config.GistreamOptions.HTTP_PORT;
import static io.gistream.config.GistreamOptions.MODEL_PATH;
import static io.gistream.config.GistreamOptions.MODEL_PRECISION;
import static io.gistream.config.GistreamOptions.MODEL_THREADS;
import static io.gistream.config.GistreamOptions.SEGMENT_MIN_TOKENS;
import static io.gistream.config.GistreamOptions.STATE_DIR;
import static io.gistream.config.GistreamOptions.STREAM_THREADS;
import static io.gistream.config.GistreamOptions.TOPICS_CHUNKS;
import static io.gistream.config.GistreamOptions.TOPICS_DEAD_LETTERS;
import static io.gistream.config.GistreamOptions.TOPICS_PARTITIONS;
import static io.gistream.config.GistreamOptions.TOPICS_REPLICATION_FACTOR;
import static io.gistream.config.GistreamOptions.TOPICS_SUMMARIES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gistream.config.GistreamOptions.ModelPrecision;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  @TempDir Path directory;

  @Test
  void defaultsAreThoseOfTheDocumentation() {
    var settings = Settings.defaults();

    assertThat(settings.get(APPLICATION_ID)).isEqualTo("gistream");
    assertThat(settings.get(BOOTSTRAP_SERVERS)).isEqualTo("localhost:9092");
    assertThat(settings.get(TOPICS_CHUNKS)).isEqualTo("gistream.chunks");
    assertThat(settings.get(TOPICS_SUMMARIES)).isEqualTo("gistream.summaries");
    assertThat(settings.get(TOPICS_DEAD_LETTERS)).isEqualTo("gistream.dead-letters");
    assertThat(settings.get(TOPICS_PARTITIONS)).isEqualTo(6);
    assertThat(settings.get(TOPICS_REPLICATION_FACTOR)).isEqualTo(1);
    assertThat(settings.get(MODEL_PATH)).isEmpty();
    assertThat(settings.get(MODEL_THREADS)).isEqualTo(1);
    assertThat(settings.get(STREAM_THREADS)).isEqualTo(1);
    assertThat(settings.get(STATE_DIR)).isAbsolute().endsWithRaw(Path.of(".gistream", "state"));
    assertThat(settings.get(HTTP_HOST)).isEqualTo("127.0.0.1");
    assertThat(settings.get(HTTP_PORT)).isEqualTo(8080);
    assertThat(SummaryOptions.defaults())
        .isEqualTo(
            new SummaryOptions(
                96,
                224,
                Duration.ofSeconds(60),
                120,
                Duration.ofSeconds(10),
                256,
                65_536,
                Duration.ofMinutes(30),
                Duration.ofHours(24),
                false,
                4,
                2,
                SummaryOptions.SummaryEvery.CHUNK));
    assertThat(BatchOptions.defaults())
        .isEqualTo(
            new BatchOptions(
                32,
                Duration.ofMillis(10),
                Duration.ofSeconds(2),
                256L << 20,
                64L << 20,
                128L << 20));
  }

  @Test
  void everyOptionReachesItsTypedValue() {
    var texts = new TreeMap<String, String>();
    texts.put("application.id", "talks");
    texts.put("summary.every", "segment");
    texts.put("state.memory-size", "16MiB");
    texts.put("model.cache-size", "2MiB");
    texts.put("bootstrap.servers", "kafka-1:9092, kafka-2:9092");
    texts.put("topics.chunks", "a");
    texts.put("topics.summaries", "b");
    texts.put("topics.dead-letters", "c");
    texts.put("topics.partitions", "12");
    texts.put("topics.replication-factor", "-1");
    texts.put("schema-registry.url", "https://r-1:8081/apis, http://r-2");
    texts.put("schema-registry.auto-register", "false");
    texts.put("schema-registry.subject-naming", "topic-record");
    texts.put("schema-registry.user", "me");
    texts.put("schema-registry.password", "safe");
    texts.put("schema-registry.trust", "/tls/ca.pem");
    texts.put("schema-registry.trust-password", "safe");
    texts.put("schema-registry.client-key", "/tls/me.p12");
    texts.put("schema-registry.client-key-password", "safe");
    texts.put("schema-registry.patience", "5s");
    texts.put("input.format", "json");
    texts.put("input.json.text", "/body/text");
    texts.put("input.json.sequence", "/n");
    texts.put("input.json.stream-id", "/call~1id");
    texts.put("input.json.speaker", "");
    texts.put("input.json.start", "/at/0");
    texts.put("input.json.end", "/at/1");
    texts.put("input.json.time-unit", "seconds");
    texts.put("input.json.confirmed", "/final");
    texts.put("input.json.end-of-stream", "/last");
    texts.put("redaction.patterns", "email, card");
    texts.put("redaction.expressions", "/etc/gistream/masks");
    texts.put("redaction.keep-rejected", "false");
    texts.put("log.format", "json");
    texts.put("log.level", "debug");
    texts.put("tracing.otlp-endpoint", "http://collector:4318/v1/traces");
    texts.put("segment.min-tokens", "48");
    texts.put("segment.max-tokens", "192");
    texts.put("segment.max-age", "2m");
    texts.put("summary.budget-words", "80");
    texts.put("chunk.max-characters", "1000");
    texts.put("ordering.grace", "250ms");
    texts.put("ordering.max-waiting", "8");
    texts.put("session.idle-timeout", "1h");
    texts.put("session.retention", "7d");
    texts.put("session.retention-tombstone", "true");
    texts.put("on-model-change", "rebuild");
    texts.put("stream.standby-replicas", "1");
    texts.put("correction.horizon", "5");
    texts.put("memory.checkpoint-interval", "9");
    texts.put("memory.cache-size", "1MiB");
    texts.put("batch.max-segments", "16");
    texts.put("batch.linger", "5ms");
    texts.put("batch.time-budget", "1s");
    texts.put("stream.threads", "2");
    texts.put("model.path", "/models/compact");
    texts.put("model.precision", "int8");
    texts.put("model.provider", "cuda");
    texts.put("model.threads", "4");
    texts.put("state.dir", "/var/lib/gistream");
    texts.put("http.host", "0.0.0.0");
    texts.put("http.port", "9000");
    texts.put("http.advertised", "10.0.0.7:9000");
    texts.put("http.auth", "none");
    texts.put("http.auth.keys-file", "/etc/gistream/keys");
    texts.put("http.auth.jwks", "https://id.example.org/jwks.json");
    texts.put("http.auth.issuer", "https://id.example.org");
    texts.put("http.auth.audience", "gistream");
    texts.put("http.tls.certificate", "/etc/gistream/cert.pem");
    texts.put("http.tls.key", "/etc/gistream/key.pem");
    texts.put("http.cors-origins", "https://a.example.org, https://b.example.org");
    texts.put("http.max-body", "1MiB");
    texts.put("http.rate-limit", "10");
    texts.put("http.max-event-streams", "64");
    texts.put("http.history-size", "1MiB");
    assertThat(texts.keySet())
        .as("every option has a value here")
        .containsExactlyInAnyOrderElementsOf(
            GistreamOptions.all().stream().map(Option::name).toList());
    var assignments = new ArrayList<String>();
    texts.forEach((name, text) -> assignments.add(name + "=" + text));
    var int8 = "model.precision=int8"; // does not go with cuda
    assignments.remove(int8);

    var settings = Settings.load(assignments, Map.of(), null);

    assertThat(Settings.load(List.of(int8), Map.of(), null).get(MODEL_PRECISION))
        .isEqualTo(ModelPrecision.INT8);
    assertThat(GistreamOptions.all())
        .filteredOn(option -> option != MODEL_PRECISION)
        .allSatisfy(
            option ->
                assertThat(settings.<Object>get(cast(option)))
                    .isNotEqualTo(Settings.defaults().<Object>get(cast(option))));
    assertThat(settings.get(BOOTSTRAP_SERVERS)).isEqualTo("kafka-1:9092, kafka-2:9092");
    assertThat(settings.get(TOPICS_REPLICATION_FACTOR)).isEqualTo(-1);
    assertThat(settings.get(MODEL_PATH)).isEqualTo(Optional.of(Path.of("/models/compact")));
    assertThat(settings.get(STATE_DIR)).isEqualTo(Path.of("/var/lib/gistream"));
    assertThat(SummaryOptions.from(settings))
        .isEqualTo(
            new SummaryOptions(
                48,
                192,
                Duration.ofMinutes(2),
                80,
                Duration.ofMillis(250),
                8,
                1000,
                Duration.ofHours(1),
                Duration.ofDays(7),
                true,
                9,
                5,
                SummaryOptions.SummaryEvery.SEGMENT));
    assertThat(BatchOptions.from(settings))
        .isEqualTo(
            new BatchOptions(
                16, Duration.ofMillis(5), Duration.ofSeconds(1), 1 << 20, 2 << 20, 16 << 20));
  }

  @SuppressWarnings("unchecked")
  private static Option<Object> cast(Option<?> option) {
    return (Option<Object>) option;
  }

  @Test
  void commandLineComesBeforeEnvironmentBeforeFileBeforeDefault() throws Exception {
    var file = file("http.port=1", "http.host=localhost", "model.threads=7");
    var environment = Map.of("GISTREAM_HTTP_PORT", "2", "GISTREAM_HTTP_HOST", "127.0.0.9");

    var settings = Settings.load(List.of("http.port=3"), environment, file);

    assertThat(settings.get(HTTP_PORT)).isEqualTo(3);
    assertThat(settings.origin(HTTP_PORT)).isEqualTo("command line");
    assertThat(settings.get(HTTP_HOST)).isEqualTo("127.0.0.9");
    assertThat(settings.origin(HTTP_HOST)).isEqualTo("environment GISTREAM_HTTP_HOST");
    assertThat(settings.get(MODEL_THREADS)).isEqualTo(7);
    assertThat(settings.origin(MODEL_THREADS)).isEqualTo("file " + file);
    assertThat(settings.get(STREAM_THREADS)).isEqualTo(1);
    assertThat(settings.origin(STREAM_THREADS)).isEqualTo("default");
  }

  @Test
  void theLastOfRepeatedAssignmentsCounts() {
    var settings = Settings.load(List.of("http.port=1", "http.port=2"), Map.of(), null);

    assertThat(settings.get(HTTP_PORT)).isEqualTo(2);
  }

  @Test
  void aValueMayHoldAnEqualsSign() {
    var settings =
        Settings.load(List.of("kafka.sasl.jaas.config=Login required a=\"b\";"), Map.of(), null);

    assertThat(settings.kafka()).containsEntry("sasl.jaas.config", "Login required a=\"b\";");
  }

  @Test
  void everyErrorOfEverySourceIsReportedAtOnce() throws Exception {
    var file = file("segment.mintokens=1", "http.port=2", "http.port=3", "topics.chunks=a b");

    var errors =
        errors(
            List.of("segment.min-tokens=300", "summary.budget-words=9", "nonsense", "xyzzy=1"),
            Map.of("GISTREAM_SEGMENT_MAXTOKENS", "5", "GISTREAM_BATCH_LINGER", "10"),
            file);

    assertThat(errors)
        .containsExactlyInAnyOrder(
            "--set nonsense: write it as name=value",
            "xyzzy (command line): no such option; docs/configuration.md has them all",
            "environment variable GISTREAM_SEGMENT_MAXTOKENS: no such option; did you mean"
                + " GISTREAM_SEGMENT_MAX_TOKENS?",
            "segment.mintokens (file "
                + file
                + "): no such option; did you mean segment.min-tokens?",
            "http.port (file " + file + "): given more than once",
            "topics.chunks = a b (file "
                + file
                + "): must be a topic name: 1 to 249 letters, digits, dots, hyphens or underscores",
            "summary.budget-words = 9 (command line): must be a whole number from 10 to 10000",
            "batch.linger = 10 (environment GISTREAM_BATCH_LINGER): must be a duration from 1ms to"
                + " 10s",
            "segment.min-tokens = 300 (command line) and segment.max-tokens = 224 (default): the"
                + " first must not be larger than the second");
  }

  @Test
  void theMessageNamesEveryError() {
    assertThatThrownBy(() -> Settings.load(List.of("http.port=x", "a=b"), Map.of(), null))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            """
            2 settings are wrong:
              a (command line): no such option; docs/configuration.md has them all
              http.port = x (command line): must be a port from 0 to 65535 (0 takes a free one)\
            """);
  }

  @Test
  void aRuleIsNotHeldAgainstAValueThatIsWrongAnyway() {
    assertThat(errors(List.of("segment.min-tokens=99999"), Map.of(), null))
        .containsExactly(
            "segment.min-tokens = 99999 (command line): must be a whole number from 1 to 4096");
  }

  @Test
  void theThreeTopicsDiffer() {
    assertThat(
            errors(
                List.of("topics.chunks=t", "topics.summaries=t", "topics.dead-letters=t"),
                Map.of(),
                null))
        .hasSize(3)
        .allSatisfy(error -> assertThat(error).contains("must differ"));
  }

  @Test
  void chunksDoNotWaitLongerThanATalkMayBeSilent() {
    assertThat(errors(List.of("ordering.grace=1m", "session.idle-timeout=30s"), Map.of(), null))
        .singleElement()
        .asString()
        .startsWith("ordering.grace = 1m (command line) and session.idle-timeout = 30s");
  }

  @Test
  void int8IsRefusedTogetherWithCuda() {
    assertThat(errors(List.of("model.provider=cuda", "model.precision=int8"), Map.of(), null))
        .singleElement()
        .asString()
        .startsWith(
            "model.precision = int8 (command line) and model.provider = cuda (command line): int8"
                + " is multiplied by the processor only");
    assertThat(errors(List.of("model.provider=gpu"), Map.of(), null))
        .containsExactly("model.provider = gpu (command line): must be one of cpu, cuda");
  }

  @Test
  void aMissingFileIsReportedBesideTheOtherErrors() {
    var missing = directory.resolve("missing.properties");

    assertThat(errors(List.of("http.port=x"), Map.of(), missing))
        .hasSize(2)
        .contains("--config " + missing + ": no such file");
  }

  @Test
  void aFileThatIsNotUtf8IsReported() throws Exception {
    var file = directory.resolve("latin1.properties");
    Files.write(file, new byte[] {'a', '=', (byte) 0xe4});

    assertThat(errors(List.of(), Map.of(), file))
        .singleElement()
        .asString()
        .startsWith("--config " + file + ": cannot be read as UTF-8 properties");
  }

  @Test
  void environmentVariablesThatAreEmptyOrOfTheLauncherAreLeftAlone() {
    var environment =
        Map.of("GISTREAM_HTTP_PORT", "", "GISTREAM_JAVA_OPTS", "-Xmx1g", "PATH", "/bin");

    assertThat(Settings.load(List.of(), environment, null).get(HTTP_PORT)).isEqualTo(8080);
  }

  @Test
  void serviceLinksOfKubernetesAreLeftAlone() {
    var links =
        Map.of(
            "GISTREAM_SERVICE_HOST", "10.0.0.1",
            "GISTREAM_SERVICE_PORT_HTTP", "8080",
            "GISTREAM_PORT", "tcp://10.0.0.1:8080",
            "GISTREAM_PORT_8080_TCP_ADDR", "10.0.0.1",
            "GISTREAM_HTTP_SERVICE_HOST", "10.0.0.2",
            "GISTREAM_HTTP_PORT", "tcp://10.0.0.2:80",
            "GISTREAM_KAFKA_SERVICE_HOST", "10.0.0.3",
            "GISTREAM_KAFKA_PORT", "tcp://10.0.0.3:9092");

    var settings = Settings.load(List.of(), links, null);

    assertThat(settings.get(HTTP_PORT)).isEqualTo(8080);
    assertThat(settings.kafka()).isEmpty();
  }

  @Test
  void aPortGivenBesideServiceLinksCounts() {
    var environment =
        Map.of("GISTREAM_HTTP_SERVICE_HOST", "10.0.0.2", "GISTREAM_HTTP_PORT", "9000");

    assertThat(Settings.load(List.of(), environment, null).get(HTTP_PORT)).isEqualTo(9000);
  }

  @Test
  void namesThatBeginWithKafkaGoToKafkaAsTheyAre() throws Exception {
    var settings =
        Settings.load(
            List.of("kafka.security.protocol=SASL_SSL"),
            Map.of("GISTREAM_KAFKA_SASL_MECHANISM", "PLAIN"),
            file("kafka.security.protocol=PLAINTEXT", "kafka.compression.type=zstd"));

    assertThat(settings.kafka())
        .containsExactly(
            Map.entry("compression.type", "zstd"),
            Map.entry("sasl.mechanism", "PLAIN"),
            Map.entry("security.protocol", "SASL_SSL"));
  }

  @Test
  void kafkaSettingsThatGistreamOwnsAreRefused() {
    assertThat(
            errors(
                List.of("kafka.bootstrap.servers=a:1", "kafka.processing.guarantee=x"),
                Map.of(),
                null))
        .containsExactly(
            "kafka.bootstrap.servers (command line): set bootstrap.servers instead",
            "kafka.processing.guarantee (command line): Gistream sets this itself, so that no"
                + " summary is lost or repeated");
  }

  @Test
  void aSecretIsShownNeitherInTheDescriptionNorInAnError() {
    var password =
        new Option<>(
            "registry.password", OptionType.text("8 letters", "[a-z]{8}"), "changeit", "…", true);
    var reader = new SettingsReader(List.of(password), List.of());
    var settings =
        reader
            .commandLine(List.of("registry.password=verysafe", "kafka.ssl.key.password=alsosafe"))
            .read();

    assertThat(settings.get(password)).isEqualTo("verysafe");
    assertThat(settings.describe())
        .contains("registry.password       (hidden)  command line")
        .contains("kafka.ssl.key.password  (hidden)  command line")
        .doesNotContain("safe");
    assertThatThrownBy(
            () ->
                new SettingsReader(List.of(password), List.of())
                    .commandLine(List.of("registry.password=wrong"))
                    .read())
        .hasMessageContaining("registry.password = (hidden) (command line): must be 8 letters")
        .hasMessageNotContaining("wrong\n");
  }

  @Test
  void anAddressThatOthersReachNeedsKeysUnlessEverybodyMayCome() {
    for (var host : List.of("0.0.0.0", "::", "10.0.0.7", "gistream.example.org", "127.0.0.1.org")) {
      assertThatThrownBy(() -> Settings.load(List.of("http.host=" + host), Map.of(), null))
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining("gistream api-key create");
      for (var more :
          List.of(
              List.of("http.auth=none"),
              List.of("http.auth.keys-file=keys"),
              List.of("http.auth.jwks=j", "http.auth.issuer=i", "http.auth.audience=a"))) {
        var assignments = new ArrayList<>(more);
        assignments.add("http.host=" + host);
        assertThat(Settings.load(assignments, Map.of(), null).get(HTTP_HOST)).isEqualTo(host);
      }
    }
    for (var host : List.of("localhost", "127.0.0.1", "127.1.2.3", "::1", "[::1]")) {
      assertThat(Settings.load(List.of("http.host=" + host), Map.of(), null).get(HTTP_HOST))
          .isEqualTo(host);
    }
  }

  @Test
  void tokensNeedAnIssuerAndAnAudienceAndACertificateItsKey() {
    assertThatThrownBy(
            () ->
                Settings.load(
                    List.of("http.auth.jwks=j", "http.tls.certificate=c"), Map.of(), null))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("tokens made for others")
        .hasMessageContaining("one needs the other");
  }

  @Test
  void theDescriptionHasEveryOptionWithValueAndOrigin() {
    var lines =
        Settings.load(List.of("http.port=9000"), Map.of("GISTREAM_HTTP_HOST", "::1"), null)
            .describe()
            .lines()
            .map(line -> line.replaceAll(" {2,}", " | "))
            .toList();

    assertThat(lines)
        .hasSize(GistreamOptions.all().size())
        .contains(
            "segment.min-tokens | 96 | default",
            "model.path | \"\" | default",
            "http.host | ::1 | environment GISTREAM_HTTP_HOST",
            "http.port | 9000 | command line");
  }

  @Test
  void theProgramMaySetAnOptionWhateverTheUserGave() {
    var given = Settings.load(List.of("http.port=9000", "kafka.client.rack=a"), Map.of(), null);

    var settings = given.with(HTTP_PORT, "0", "demo");

    assertThat(settings.get(HTTP_PORT)).isEqualTo(0);
    assertThat(settings.origin(HTTP_PORT)).isEqualTo("demo");
    assertThat(settings.kafka()).containsEntry("client.rack", "a");
    assertThat(given.get(HTTP_PORT)).isEqualTo(9000);
    assertThatThrownBy(() -> given.with(HTTP_PORT, "70000", "demo"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("http.port = 70000 (demo): must be a port");
  }

  @Test
  void noTwoOptionsShareAnEnvironmentVariable() {
    assertThat(GistreamOptions.all().stream().map(Option::environmentName)).doesNotHaveDuplicates();
    assertThat(SEGMENT_MIN_TOKENS.environmentName()).isEqualTo("GISTREAM_SEGMENT_MIN_TOKENS");
  }

  @Test
  void aSummaryWithAnotherBudgetKeepsTheRest() {
    var options = SummaryOptions.defaults().withBudgetWords(40);

    assertThat(options.budgetWords()).isEqualTo(40);
    assertThat(options.withBudgetWords(120)).isEqualTo(SummaryOptions.defaults());
  }

  private Path file(String... lines) throws Exception {
    return Files.write(directory.resolve("gistream.properties"), List.of(lines));
  }

  private static List<String> errors(
      List<String> assignments, Map<String, String> environment, @Nullable Path file) {
    return catchThrowableOfType(
            SettingsException.class, () -> Settings.load(assignments, environment, file))
        .errors();
  }
}
