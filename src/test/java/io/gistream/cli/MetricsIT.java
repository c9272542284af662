package io.gistream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gistream.config.GistreamOptions;
import io.gistream.config.Settings;
import io.gistream.kafka.EmbeddedBroker;
import io.gistream.kafka.TopicLayout;
import io.gistream.kafka.Topics;
import io.gistream.serde.AvroCodec;
import io.gistream.session.Talks;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** Page, dashboard and alert rules speak of what a running service really answers. */
@Timeout(300)
class MetricsIT {
  private static final Pattern METRIC = Pattern.compile("[a-z]+(_[a-z0-9]+)+");

  @TempDir private static Path directory;
  private static EmbeddedBroker broker;
  private static RunningService service;
  private static Settings settings;

  @BeforeAll
  static void start() throws Exception {
    broker = EmbeddedBroker.start();
    settings =
        Settings.defaults()
            .with(GistreamOptions.BOOTSTRAP_SERVERS, broker.bootstrapServers(), "test")
            .with(GistreamOptions.TOPICS_PARTITIONS, "2", "test")
            .with(GistreamOptions.STATE_DIR, directory.resolve("state").toString(), "test")
            .with(GistreamOptions.HTTP_PORT, "0", "test")
            .with(GistreamOptions.MODEL_PATH, "src/test/resources/models/tiny", "test");
    try (Topics topics = Cluster.topics(settings)) {
      topics.create(TopicLayout.of(settings).topics());
    }
    service = RunningService.start(settings, () -> {});
    assertThat(service.streams().awaitRunning(Duration.ofMinutes(2))).isTrue();
    try (TranscriptPlayer player =
            new TranscriptPlayer(
                Cluster.clientConfig(settings), AvroCodec.chunk(), "gistream.chunks", 0);
        SummaryListener listener =
            new SummaryListener(
                Cluster.clientConfig(settings), AvroCodec.summary(), "gistream.summaries")) {
      player.play(Talks.talk("measured", 20, 1), chunk -> {});
      assertThat(listener.listen("measured", Duration.ofMinutes(2), summary -> {})).isPresent();
    }
  }

  @AfterAll
  static void stop() {
    if (service != null) {
      service.close();
    }
    broker.close();
  }

  private static String scrape() throws IOException, InterruptedException {
    URI uri = URI.create(service.address(settings) + "/prometheus");
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
        .body();
  }

  /** Names of all samples, without labels. */
  private static Set<String> exported() throws IOException, InterruptedException {
    return scrape()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.replaceFirst("[{ ].*", ""))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static double value(String metric) throws IOException, InterruptedException {
    return scrape()
        .lines()
        .filter(
            line ->
                line.startsWith(metric + " ")
                    || line.startsWith(metric + "{")
                    || metric.endsWith("}") && line.startsWith(metric))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @Test
  void thePageNamesEveryMetricOfOursAndNoOther() throws Exception {
    Set<String> documented =
        Files.readAllLines(Path.of("docs/metrics.md")).stream()
            .filter(line -> line.startsWith("| `gistream_"))
            .flatMap(MetricsIT::named)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> ours =
        exported().stream()
            .filter(name -> name.startsWith("gistream_"))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(ours).isEqualTo(documented);
  }

  /** Of a row's first cell; a name that begins with {@code _} is another end of the one before. */
  private static java.util.stream.Stream<String> named(String row) {
    Matcher name = Pattern.compile("`(\\w+)`").matcher(row.split("\\|")[1]);
    List<String> names = new java.util.ArrayList<>();
    while (name.find()) {
      String it = name.group(1);
      names.add(
          it.startsWith("_") ? names.get(0).substring(0, names.get(0).lastIndexOf('_')) + it : it);
    }
    return names.stream();
  }

  @Test
  void theValuesAreThoseOfWhatWasDone() throws Exception {
    assertThat(value("gistream_chunks_total")).isEqualTo(20);
    assertThat(value("gistream_summaries_total")).isPositive();
    assertThat(value("gistream_segments_total")).isPositive();
    assertThat(value("gistream_batches_total")).isPositive();
    assertThat(value("gistream_model_seconds_count")).isPositive();
    assertThat(value("gistream_model_seconds_sum")).isPositive();
    assertThat(value("gistream_summary_delay_seconds_sum")).isPositive();
    assertThat(value("gistream_sentence_lookups_total{result=\"hit\"}")).isPositive();
    assertThat(value("gistream_sentence_lookups_total{result=\"miss\"}")).isPositive();
    assertThat(value("gistream_folded_sentences_total")).isPositive();
    assertThat(value("gistream_sentence_cache_bytes")).isPositive();
    assertThat(value("gistream_running")).isEqualTo(1);
    assertThat(value("gistream_staleness_seconds")).isZero();
    assertThat(value("gistream_consumer_lag_records")).isZero();
    assertThat(value("gistream_state_bytes")).isPositive();
    assertThat(value("gistream_poll_headroom")).isBetween(0.0, 1.0);
    assertThat(value("gistream_dead_letters_total")).isZero();
  }

  @Test
  void theDashboardShowsWhatThereIs() throws Exception {
    Set<String> exported = exported();
    JsonNode dashboard =
        JsonMapper.builder().build().readTree(Path.of("deploy/grafana/gistream.json").toFile());
    List<String> expressions = dashboard.findValuesAsText("expr");
    assertThat(expressions).hasSizeGreaterThan(15);
    for (String expression : expressions) {
      assertThat(metrics(expression)).as(expression).isNotEmpty().isSubsetOf(exported);
    }
    for (String query : dashboard.findValuesAsText("query")) {
      assertThat(metrics(query)).isSubsetOf(exported);
    }
  }

  @Test
  void theAlertsWatchWhatThereIs() throws Exception {
    Set<String> exported = exported();
    Map<String, List<Map<String, List<Map<String, Object>>>>> file =
        new Yaml().load(Files.readString(Path.of("deploy/prometheus/alerts.yaml")));
    List<Map<String, Object>> rules = file.get("groups").get(0).get("rules");
    assertThat(rules).hasSizeGreaterThan(5);
    for (Map<String, Object> rule : rules) {
      String expression = String.valueOf(rule.get("expr"));
      assertThat(metrics(expression)).as(expression).isNotEmpty().isSubsetOf(exported);
      assertThat(rule).containsKeys("alert", "labels", "annotations");
    }
  }

  /** Names of metrics in an expression: what is neither a label, a variable nor a function. */
  private static Set<String> metrics(String expression) {
    String bare =
        expression
            .replaceAll("\\{[^}]*}", "")
            .replaceAll("\\[[^]]*]", "")
            .replaceAll("\\b(by|without|on|ignoring) *\\([^)]*\\)", "")
            .replaceAll("label_values\\(([^,)]*),[^)]*\\)", "$1")
            .replaceAll("\\w+ *\\(", "(");
    Set<String> names = new TreeSet<>();
    Matcher name = METRIC.matcher(bare);
    while (name.find()) {
      names.add(name.group());
    }
    return names;
  }
}
