package io.gistream.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gistream.config.GistreamOptions;
import io.gistream.config.HttpSettings;
import io.gistream.config.Settings;
import io.gistream.kafka.CommittedRecords;
import io.gistream.kafka.EmbeddedBroker;
import io.gistream.kafka.TopicLayout;
import io.gistream.kafka.Topics;
import io.gistream.serde.AvroCodec;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The HTTP API over a real broker and a real model. */
@Timeout(300)
class HttpApiIT {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir private static Path directory;
  private static EmbeddedBroker broker;
  private static int started;

  private final HttpClient client = HttpClient.newHttpClient();
  private final List<RunningService> services = new ArrayList<>();

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.start();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @AfterEach
  void stop() {
    services.forEach(RunningService::close);
  }

  /** Topics of their own for each test. */
  private static Settings settings(String name) {
    Settings settings =
        Settings.defaults()
            .with(GistreamOptions.BOOTSTRAP_SERVERS, broker.bootstrapServers(), "test")
            .with(GistreamOptions.APPLICATION_ID, name, "test")
            .with(GistreamOptions.TOPICS_CHUNKS, name + ".chunks", "test")
            .with(GistreamOptions.TOPICS_SUMMARIES, name + ".summaries", "test")
            .with(GistreamOptions.TOPICS_DEAD_LETTERS, name + ".dead-letters", "test")
            .with(GistreamOptions.TOPICS_PARTITIONS, "4", "test")
            .with(GistreamOptions.MODEL_PATH, "src/test/resources/models/tiny", "test");
    try (Topics topics = Cluster.topics(settings)) {
      topics.create(TopicLayout.of(settings).topics());
    }
    return settings;
  }

  private RunningService start(Settings settings, int port) throws InterruptedException {
    Settings own =
        settings
            .with(
                GistreamOptions.STATE_DIR, directory.resolve("state-" + started++).toString(), "t")
            .with(HttpSettings.PORT, Integer.toString(port), "test")
            .with(HttpSettings.RATE_LIMIT, "1000000", "test")
            .with(HttpSettings.ADVERTISED, "127.0.0.1:" + port, "test");
    RunningService service = RunningService.start(own, () -> {});
    services.add(service);
    assertThat(service.streams().awaitRunning(Duration.ofMinutes(2))).isTrue();
    return service;
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private HttpResponse<String> send(int port, String method, String path, String type, String body)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(
                method,
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body, UTF_8));
    if (type != null) {
      request.header("Content-Type", type);
    }
    return client.send(request.build(), BodyHandlers.ofString(UTF_8));
  }

  private JsonNode get(int port, String path) throws Exception {
    HttpResponse<String> response = send(port, "GET", path, null, null);
    assertThat(response.statusCode()).as(path + " " + response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }

  private static String chunks(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(
            i ->
                "{\"sequence\":%d,\"text\":\"We ship version %d on Friday, and Ada tests part %d.\",\"speaker\":\"Ada\"}"
                    .formatted(i, i, i))
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static List<Long> onTopic(Settings settings, String streamId) {
    List<Long> sequences = new ArrayList<>();
    try (CommittedRecords records = Cluster.records(settings)) {
      List<TopicPartition> partitions =
          records.partitions(settings.get(GistreamOptions.TOPICS_CHUNKS));
      records
          .ends(partitions)
          .forEach(
              (partition, end) ->
                  records.read(
                      partition,
                      0,
                      end,
                      record -> {
                        if (new String(record.key(), UTF_8).equals(streamId)) {
                          sequences.add(AvroCodec.chunk().decode(record.value()).getSequence());
                        }
                      }));
    }
    return sequences;
  }

  @Test
  void whatIsAnsweredIsOnTheTopicAndRepeatingItChangesNothing() throws Exception {
    Settings settings = settings("ingest");
    int port = freePort();
    start(settings, port);
    for (int i = 0; i < 2; i++) {
      HttpResponse<String> taken =
          send(port, "POST", "/v1/streams/talk/chunks", "application/json", chunks(0, 30));
      assertThat(taken.statusCode()).as(taken.body()).isEqualTo(200);
      assertThat(JSON.readTree(taken.body()).path("last").asInt()).isEqualTo(29);
    }
    assertThat(onTopic(settings, "talk")).hasSize(60).contains(0L, 29L);

    JsonNode unnumbered =
        JSON.readTree(
            send(
                    port,
                    "POST",
                    "/v1/streams/talk/chunks",
                    "application/json",
                    "{\"text\":\"And that is all.\"}")
                .body());
    assertThat(unnumbered.path("first").asInt()).isEqualTo(30);
    assertThat(send(port, "POST", "/v1/streams/talk/end", null, null).statusCode()).isEqualTo(200);
    JsonNode stream = awaitState(port, "/v1/streams/talk", "final");
    assertThat(stream.path("nextSequence").asInt()).isEqualTo(32);
    JsonNode summary = get(port, "/v1/streams/talk/summary");
    assertThat(summary.path("final").asBoolean()).isTrue();
    assertThat(summary.path("text").asText()).isNotBlank();

    // the state is a commit ahead of what is committed
    JsonNode revisions = get(port, "/v1/streams/talk/revisions?since=0&limit=256");
    while (!revisions.path("revisions").path(31).path("final").asBoolean()) {
      Thread.sleep(50);
      revisions = get(port, "/v1/streams/talk/revisions?since=0&limit=256");
    }
    List<Integer> numbers = new ArrayList<>();
    revisions.path("revisions").forEach(it -> numbers.add(it.path("revision").asInt()));
    assertThat(numbers)
        .as("each chunk once")
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 32).boxed().toList());
    assertThat(revisions.path("log").path("complete").asBoolean()).isTrue();
    assertThat(get(port, "/v1/streams/talk/chunks?limit=512").path("chunks")).hasSize(62);
    JsonNode memory = get(port, "/v1/streams/talk/memory");
    assertThat(memory.path("kind").asText()).isEqualTo("raf");
    assertThat(memory.path("history").size()).isPositive();
    assertThat(send(port, "POST", "/v1/streams/talk/end", null, null).statusCode()).isEqualTo(409);
  }

  @Test
  void aTranscriptIsATalkOfItsOwn() throws Exception {
    Settings settings = settings("upload");
    int port = freePort();
    start(settings, port);
    String vtt =
        "WEBVTT\n\n00:01.000 --> 00:04.000\n<v Ada>We ship on Friday if the tests pass.\n\n"
            + "00:05.000 --> 00:09.000\n<v Grace>I will run the tests tonight.\n";
    HttpResponse<String> taken = send(port, "POST", "/v1/streams/vtt/transcript", "text/vtt", vtt);
    assertThat(taken.statusCode()).as(taken.body()).isEqualTo(200);
    assertThat(JSON.readTree(taken.body()).path("chunks").asInt()).isEqualTo(2);
    awaitState(port, "/v1/streams/vtt", "final");
    assertThat(get(port, "/v1/streams/vtt/summary").path("text").asText()).contains("ship");

    HttpResponse<String> playing =
        send(port, "POST", "/v1/streams/live/transcript?speed=0.001", "text/vtt", vtt);
    assertThat(playing.statusCode()).isEqualTo(202);
    awaitState(port, "/v1/streams/live", "open");
    assertThat(send(port, "POST", "/v1/streams/live/transcript", "text/vtt", vtt).statusCode())
        .isEqualTo(409);
    assertThat(send(port, "POST", "/v1/streams/live/end", null, null).statusCode()).isEqualTo(200);
    awaitState(port, "/v1/streams/live", "final");
    assertThat(onTopic(settings, "live")).containsExactly(0L, 1L);
  }

  private JsonNode awaitState(int port, String path, String state) throws Exception {
    while (true) {
      HttpResponse<String> response = send(port, "GET", path, null, null);
      JsonNode stream = JSON.readTree(response.body());
      if (response.statusCode() == 200 && stream.path("state").asText().equals(state)) {
        return stream;
      }
      Thread.sleep(50);
    }
  }

  @Test
  void eventsGoOnBehindTheLastOneAfterARestart() throws Exception {
    Settings settings = settings("resume");
    int port = freePort();
    RunningService first = start(settings, port);
    Map<String, Integer> seen = new HashMap<>();
    String lastId;
    try (Events events = open(port, "/v1/streams/talk/events", null)) {
      send(port, "POST", "/v1/streams/talk/chunks", "application/json", chunks(0, 10));
      lastId = events.read(seen, "chunk 9", "summary 10");
    }
    first.close();
    services.remove(first);
    // while nobody is there to tell of it
    try (var producer = Cluster.chunkProducer(settings, Formats.of(settings))) {
      producer.put(
          List.of(
              new io.gistream.feed.ChunkSink.TimedChunk(
                  new io.gistream.avro.TranscriptChunk(
                      "talk",
                      10L,
                      "Meanwhile we ship version ten.",
                      null,
                      null,
                      null,
                      io.gistream.avro.ChunkStatus.CONFIRMED,
                      false,
                      Map.of()),
                  null)));
    }
    start(settings, port);
    try (Events events = open(port, "/v1/streams/talk/events", lastId)) {
      send(port, "POST", "/v1/streams/talk/chunks", "application/json", chunks(11, 13));
      events.read(seen, "chunk 12", "summary 13");
    }
    Map<String, Integer> wanted = new HashMap<>();
    IntStream.range(0, 13).forEach(i -> wanted.put("chunk " + i, 1));
    IntStream.rangeClosed(1, 13).forEach(i -> wanted.put("summary " + i, 1));
    assertThat(seen).isEqualTo(wanted);
  }

  @Test
  void anInstanceIsAskedForTheStreamsOfTheOther() throws Exception {
    Settings settings = settings("two");
    int[] ports = {freePort(), freePort()};
    start(settings, ports[0]);
    start(settings, ports[1]);
    List<String> ids = IntStream.range(0, 12).mapToObj(i -> "talk/" + i).toList();
    for (String id : ids) {
      String path = "/v1/streams/" + id.replace("/", "%2F") + "/chunks";
      int status = 0;
      while (status != 200) { // partitions may be on the move
        status = send(ports[0], "POST", path, "application/json", chunks(0, 3)).statusCode();
        Thread.sleep(20);
      }
    }
    Map<String, Integer> answered = new HashMap<>();
    for (String id : ids) {
      String path = "/v1/streams/" + id.replace("/", "%2F");
      for (int port : ports) {
        HttpResponse<String> response = send(port, "GET", path + "/summary", null, null);
        while (response.statusCode() != 200
            || JSON.readTree(response.body()).path("revision").asInt() < 3) {
          Thread.sleep(50);
          response = send(port, "GET", path + "/summary", null, null);
        }
        answered.merge(
            response.headers().firstValue("Gistream-Instance").orElse("none"), 1, Integer::sum);
        assertThat(response.headers().firstValue("Gistream-Staleness-Millis")).contains("0");
        assertThat(response.headers().firstValue("content-type").orElse(""))
            .startsWith("application/json");
      }
    }
    assertThat(answered.keySet())
        .containsExactlyInAnyOrder("127.0.0.1:" + ports[0], "127.0.0.1:" + ports[1]);
    assertThat(answered.values()).allMatch(count -> count % 2 == 0);
    for (int port : ports) {
      JsonNode page = get(port, "/v1/streams");
      List<String> listed = new ArrayList<>();
      page.path("streams").forEach(it -> listed.add(it.path("id").asText()));
      assertThat(listed).containsExactlyElementsOf(ids.stream().sorted().toList());
      assertThat(page.path("complete").asBoolean()).isTrue();
      // whichever has it
      for (String id : ids.subList(0, 4)) {
        try (Events events =
            open(port, "/v1/streams/" + id.replace("/", "%2F") + "/events", "c0.0-s0.0")) {
          assertThat(events.status).isEqualTo(200);
        }
      }
    }
    // what was passed on once is not passed on again
    String other = ids.get(0).replace("/", "%2F");
    String owner =
        send(ports[0], "GET", "/v1/streams/" + other + "/summary", null, null)
            .headers()
            .firstValue("Gistream-Instance")
            .orElseThrow();
    int notOwner = owner.endsWith(":" + ports[0]) ? ports[1] : ports[0];
    HttpRequest passedOn =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + notOwner + "/v1/streams/" + other + "/summary"))
            .header("Gistream-Forwarded", "somebody")
            .build();
    assertThat(client.send(passedOn, BodyHandlers.ofString()).statusCode()).isEqualTo(404);
  }

  private Events open(int port, String path, String lastId) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    if (lastId != null) {
      request.header("Last-Event-ID", lastId);
    }
    HttpResponse<InputStream> response = client.send(request.build(), BodyHandlers.ofInputStream());
    while (response.statusCode() == 503) { // partitions are on the move
      response.body().close();
      Thread.sleep(50);
      response = client.send(request.build(), BodyHandlers.ofInputStream());
    }
    return new Events(response);
  }

  /** An event stream. */
  private static final class Events implements AutoCloseable {
    private final int status;
    private final BufferedReader in;

    Events(HttpResponse<InputStream> response) {
      status = response.statusCode();
      in = new BufferedReader(new InputStreamReader(response.body(), UTF_8));
    }

    /** Counts what comes until all of these have; the last id. */
    String read(Map<String, Integer> seen, String... until) throws Exception {
      String id = "";
      String name = "";
      while (!seen.keySet().containsAll(List.of(until))) {
        String line = in.readLine();
        if (line.startsWith("id:")) {
          id = line.substring(3).strip();
        } else if (line.startsWith("event:")) {
          name = line.substring(6).strip();
        } else if (line.startsWith("data:") && (name.equals("chunk") || name.equals("summary"))) {
          JsonNode data = JSON.readTree(line.substring(5));
          seen.merge(
              name + " " + data.path(name.equals("chunk") ? "sequence" : "revision").asInt(),
              1,
              Integer::sum);
        }
      }
      return id;
    }

    @Override
    public void close() throws Exception {
      in.close();
    }
  }
}
