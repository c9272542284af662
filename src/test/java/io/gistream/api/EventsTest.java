package io.gistream.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.gistream.avro.RollingSummary;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Server-sent events over HTTP, from topics that the test fills. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class EventsTest {
  private final TestServer server = new TestServer();
  private final List<Events> connections = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (Events events : connections) {
      events.close();
    }
    server.close();
  }

  @Test
  void whatHappensIsToldInOrderWithIdsToComeBackTo() throws Exception {
    Events events = open("/v1/streams/talk/events");
    server.topics.say("talk", 0, "We ship.");
    server.topics.say("other", 0, "Not this.");
    server.streams.put("talk", "We ship.");
    server.topics.summarise(FakeStreams.summary("talk", "We ship."));

    Told chunk = events.next();
    assertThat(chunk.name).isEqualTo("chunk");
    assertThat(chunk.id).isEqualTo("c0.1-s0.0");
    assertThat(chunk.json("text")).isEqualTo("We ship.");
    Told summary = events.next();
    assertThat(summary.name).isEqualTo("summary");
    assertThat(summary.id).isEqualTo("c0.1-s0.1");
    assertThat(summary.json("revision")).isEqualTo("7");
    assertThat(summary.json("text")).isEqualTo("We ship.");
    Told memory = events.next();
    assertThat(memory.name).isEqualTo("memory");
    assertThat(memory.json("segments")).isEqualTo("1");
    assertThat(memory.data).doesNotContain("history");
  }

  @Test
  void aFinalSummaryAndAnErasureEndTheTalk() throws Exception {
    Events events = open("/v1/streams/talk/events");
    server.topics.say("talk", 0, "We ship.");
    server.topics.summarise(last(FakeStreams.summary("talk", "We ship.")));
    server.topics.erase("talk");
    assertThat(events.next().name).isEqualTo("chunk");
    Told summary = events.next();
    assertThat(summary.name).isEqualTo("summary");
    Told end = events.next();
    assertThat(end.name).isEqualTo("end");
    assertThat(end.data)
        .isEqualTo("{\"streamId\":\"talk\",\"epoch\":1,\"revision\":7,\"reason\":\"final\"}");
    // who has seen the summary alone must not miss that it was the last
    assertThat(summary.id).isEqualTo("c0.1-s0.0");
    assertThat(end.id).isEqualTo("c0.1-s0.1");
    assertThat(events.next().json("reason")).isEqualTo("erased");
  }

  @Test
  void whoComesForTheFirstTimeGetsTheLastChunksTheSummaryAndTheMemory() throws Exception {
    for (int i = 0; i < 5; i++) {
      server.topics.say("talk", i, "Number " + i);
    }
    server.streams.put("talk", "Numbers.");
    server.topics.summarise(FakeStreams.summary("talk", "Numbers."));
    Events events = open("/v1/streams/talk/events?chunks=2");
    assertThat(events.next().json("text")).isEqualTo("Number 3");
    assertThat(events.next().json("text")).isEqualTo("Number 4");
    assertThat(events.next().name).isEqualTo("summary");
    assertThat(events.next().name).isEqualTo("memory");
    server.topics.say("talk", 5, "Number 5");
    Told live = events.next();
    assertThat(live.json("text")).isEqualTo("Number 5");
    assertThat(live.id).isEqualTo("c0.6-s0.1");
  }

  @Test
  void whoComesBackGetsWhatHeMissedAndEachThingOnce() throws Exception {
    for (int i = 0; i < 4; i++) {
      server.topics.say("talk", i, "Number " + i);
      server.topics.summarise(FakeStreams.summary("talk", "Up to " + i));
    }
    for (String path :
        List.of("/v1/streams/talk/events", "/v1/streams/talk/events?lastEventId=c0.2-s0.2")) {
      Events events = path.contains("?") ? open(path) : open(path, "Last-Event-ID", "c0.2-s0.2");
      assertThat(events.next().json("text")).isEqualTo("Number 2");
      assertThat(events.next().json("text")).isEqualTo("Up to 2");
      assertThat(events.next().json("text")).isEqualTo("Number 3");
      Told last = events.next();
      assertThat(last.json("text")).isEqualTo("Up to 3");
      assertThat(last.id).isEqualTo("c0.4-s0.4");
    }
    assertThat(server.topics.replays).isZero();
  }

  @Test
  void whatIsNotRememberedIsReadFromTheTopicsAgain() throws Exception {
    try (TestServer forgetful = new TestServer(0)) {
      for (int i = 0; i < 4; i++) {
        forgetful.topics.say("talk", i, "Number " + i);
      }
      forgetful.topics.summarise(FakeStreams.summary("talk", "Numbers."));
      try (Events events =
          open(forgetful, "/v1/streams/talk/events", "Last-Event-ID", "c0.2-s0.0")) {
        assertThat(events.next().json("text")).isEqualTo("Number 2");
        assertThat(events.next().json("text")).isEqualTo("Number 3");
        assertThat(events.next().json("text")).isEqualTo("Numbers.");
        forgetful.topics.say("talk", 4, "Number 4");
        assertThat(events.next().json("text")).isEqualTo("Number 4");
        assertThat(forgetful.topics.replays).isEqualTo(1);
      }
    }
  }

  @Test
  void anIdOfOtherTopicsStartsAnew() throws Exception {
    server.topics.say("talk", 0, "We ship.");
    for (String id : List.of("c7.0-s7.0", "c0.999-s0.999")) {
      Events events = open("/v1/streams/talk/events", "Last-Event-ID", id);
      Told reset = events.next();
      assertThat(reset.name).isEqualTo("reset");
      assertThat(reset.id).isEqualTo("c0.1-s0.0");
    }
    Events nonsense = open("/v1/streams/talk/events?chunks=1", "Last-Event-ID", "nonsense");
    assertThat(nonsense.next().name).isEqualTo("chunk");
  }

  @Test
  void aHeartbeatIsACommentWithAnId() throws Exception {
    Events events = open("/v1/streams/talk/events");
    server.topics.say("other", 0, "Not this.");
    server.topics.heartbeat();
    Told beat = events.nextWithComments();
    assertThat(beat.comment).isEqualTo("heartbeat");
    assertThat(beat.id).isEqualTo("c0.1-s0.0");
    assertThat(beat.data).isEmpty();
  }

  @Test
  void aStreamThatMovesEndsTheConnection() throws Exception {
    Events events = open("/v1/streams/talk/events");
    server.topics.move();
    assertThat(events.isAtEnd()).isTrue();
    assertThat(server.get("/v1/streams/talk/events").statusCode()).isEqualTo(503);
  }

  @Test
  void whoDoesNotReadIsDisconnectedAndHarmsNobody() throws Exception {
    String text = "x".repeat(50_000);
    Events reading = open("/v1/streams/talk/events");
    try (Socket stuck = new Socket()) {
      stuck.setReceiveBufferSize(4096);
      stuck.connect(new java.net.InetSocketAddress("127.0.0.1", server.port()));
      stuck
          .getOutputStream()
          .write("GET /v1/streams/talk/events HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
      InputStream in = stuck.getInputStream();
      assertThat(in.read()).isEqualTo('H');
      for (int i = 0; i < 2_000; i++) {
        server.topics.say("talk", i, text);
        assertThat(reading.next().json("sequence")).isEqualTo(Integer.toString(i));
      }
      long received = 0;
      byte[] buffer = new byte[1 << 16];
      try {
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          received += n;
        }
      } catch (IOException e) {
        // reset is as good as an end
      }
      assertThat(received).isLessThan(2_000L * text.length());
    }
  }

  @Test
  void eventStreamsAreLimitedForOneClientAndForAll() throws Exception {
    try (TestServer small = new TestServer("http.max-event-streams=16")) {
      Events first = open(small, "/v1/streams/talk/events");
      Events second = open(small, "/v1/events");
      HttpResponse<String> third = small.get("/v1/streams/talk/events");
      assertThat(third.statusCode()).isEqualTo(429);
      assertThat(third.headers().firstValue("Retry-After")).isPresent();
      first.close();
      second.close();
      // a closed connection is noticed when something is sent on it
      int status = 429;
      for (int i = 0; i < 200 && status == 429; i++) {
        small.topics.say("talk", i, "Hello?");
        try (Events again = tryOpen(small, "/v1/streams/talk/events")) {
          status = again.status;
        }
        Thread.sleep(50);
      }
      assertThat(status).isEqualTo(200);
    }
  }

  @Test
  void aTickSaysWhatHappened() throws Exception {
    Events events = open("/v1/events");
    server.streams.put("talk", "We ship.");
    server.topics.say("talk", 0, "We ship on Friday.");
    server.topics.summarise(FakeStreams.summary("talk", "We ship."));
    server.topics.bury("talk", "not a chunk");
    int chunks = 0;
    while (chunks == 0) {
      Told tick = events.next();
      assertThat(tick.name).isEqualTo("tick");
      chunks = Integer.parseInt(tick.json("chunks"));
      if (chunks > 0) {
        var json = new ObjectMapper().readTree(tick.data);
        assertThat(json.path("words").asInt()).isEqualTo(4);
        assertThat(json.path("summaries").asInt()).isEqualTo(1);
        assertThat(json.path("deadLetters").asInt()).isEqualTo(1);
        assertThat(json.path("latencyMillis").path("max").isNumber()).isTrue();
        assertThat(json.path("streams").path(0).path("id").asText()).isEqualTo("talk");
        assertThat(json.path("truncated").asBoolean()).isFalse();
      }
    }
  }

  @Test
  void openEventsDoNotHoldUpTheEnd() throws Exception {
    TestServer ending = new TestServer();
    Events events = open(ending, "/v1/streams/talk/events");
    Events overview = open(ending, "/v1/events");
    long began = System.nanoTime();
    ending.close();
    assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began)).isLessThan(60);
    assertThat(events.isAtEnd()).isTrue();
    assertThat(overview.isAtEnd()).isTrue();
  }

  private static RollingSummary last(RollingSummary it) {
    return new RollingSummary(
        it.getStreamId(),
        it.getEpoch(),
        it.getRevision(),
        it.getText(),
        it.getSentences(),
        it.getAdded(),
        it.getRemoved(),
        it.getCovered(),
        it.getGaps(),
        false,
        true,
        it.getStartMillis(),
        it.getEndMillis(),
        it.getWordsHeard(),
        it.getModelName(),
        it.getModelVersion());
  }

  private Events open(String path, String... headers) throws Exception {
    Events events = open(server, path, headers);
    connections.add(events);
    return events;
  }

  private static Events open(TestServer server, String path, String... headers) throws Exception {
    Events events = tryOpen(server, path, headers);
    assertThat(events.status).isEqualTo(200);
    assertThat(events.contentType).startsWith("text/event-stream");
    events.nextWithComments(); // that it has begun
    return events;
  }

  private static Events tryOpen(TestServer server, String path, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.uri(path)).header("Accept", "text/event-stream");
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<InputStream> response =
        server.client.send(request.build(), BodyHandlers.ofInputStream());
    return new Events(response);
  }

  /** One event, as it was sent. */
  private static final class Told {
    private String id = "";
    private String name = "";
    private String comment = "";
    private String data = "";

    String json(String field) throws IOException {
      return new ObjectMapper().readTree(data).path(field).asText();
    }
  }

  /** A connection. */
  private static final class Events implements AutoCloseable {
    private final int status;
    private final String contentType;
    private final BufferedReader in;

    Events(HttpResponse<InputStream> response) {
      status = response.statusCode();
      contentType = response.headers().firstValue("content-type").orElse("");
      in = new BufferedReader(new InputStreamReader(response.body(), UTF_8));
    }

    Told next() throws IOException {
      Told told = nextWithComments();
      while (told.data.isEmpty()) {
        told = nextWithComments();
      }
      return told;
    }

    Told nextWithComments() throws IOException {
      Told told = new Told();
      String first = in.readLine();
      while (first.isEmpty()) {
        first = in.readLine();
      }
      for (String line = first; !line.isEmpty(); line = in.readLine()) {
        int colon = line.indexOf(':');
        String value = line.substring(colon + 1).strip();
        switch (line.substring(0, colon)) {
          case "" -> told.comment = value;
          case "id" -> told.id = value;
          case "event" -> told.name = value;
          case "data" -> told.data += value;
          default -> {}
        }
      }
      return told;
    }

    boolean isAtEnd() {
      try {
        String line = in.readLine();
        while (line != null) {
          line = in.readLine();
        }
        return true;
      } catch (IOException e) {
        return true;
      }
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
