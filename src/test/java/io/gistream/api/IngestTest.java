package io.gistream.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.gistream.avro.ChunkStatus;
import io.gistream.avro.TranscriptChunk;
import io.gistream.stream.LiveStreams.NotReadyException;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is sent to streams, and what of it is taken. */
@TestInstance(Lifecycle.PER_CLASS)
class IngestTest {
  private final TestServer server = new TestServer("http.rate-limit=1000000");

  @BeforeEach
  void reset() {
    server.sink.reset();
    server.streams.reset();
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void everyFieldReachesTheTopic() throws Exception {
    HttpResponse<String> response =
        server.postJson(
            "/v1/streams/a%2Fb/chunks",
            """
            {"sequence": 3, "text": "Zoë \\ud83d\\ude80", "speaker": "Ada", "startMillis": 1,
             "endMillis": 2, "status": "DRAFT", "endOfStream": false,
             "attributes": {"channel": "left"}, "timestamp": 1700000000000}
            """);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.body())
        .isEqualTo(
            "{\"streamId\":\"a/b\",\"first\":3,\"last\":3,"
                + "\"chunks\":[{\"sequence\":3,\"partition\":0,\"offset\":0}]}");
    assertThat(server.sink.put.get(0).timestamp()).isEqualTo(1_700_000_000_000L);
    assertThat(server.sink.put.get(0).chunk())
        .isEqualTo(
            new TranscriptChunk(
                "a/b",
                3L,
                "Zoë \uD83D\uDE80",
                "Ada",
                1L,
                2L,
                ChunkStatus.DRAFT,
                false,
                Map.of("channel", "left")));
  }

  @Test
  void whatHasNoNumberIsNumberedBehindWhatIsKnown() throws Exception {
    for (int first : List.of(0, 2, 4)) {
      HttpResponse<String> response =
          server.postJson("/v1/streams/fresh/chunks", "[{\"text\":\"One.\"},{\"text\":\"Two.\"}]");
      assertThat(TestServer.json(response).path("first").asInt()).isEqualTo(first);
      assertThat(TestServer.json(response).path("last").asInt()).isEqualTo(first + 1);
    }
    server.topics.say("seen", 41, "On the topic.");
    assertThat(
            TestServer.json(server.postJson("/v1/streams/seen/chunks", "{\"text\":\"More.\"}"))
                .path("first")
                .asInt())
        .isEqualTo(42);
    server.streams.put("stored", "Six chunks.");
    assertThat(
            TestServer.json(server.send("POST", "/v1/streams/stored/end", null))
                .path("sequence")
                .asInt())
        .isEqualTo(6);
    assertThat(server.sink.put.get(server.sink.put.size() - 1).chunk().getEndOfStream()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nonsense | no JSON",
        "'' | no JSON object",
        "7 | no JSON object",
        "[] | 0 chunks",
        "[7] | chunks[0] is no object",
        "{} | text is missing",
        "{\"text\": 7} | text is no text",
        "{\"text\": \"a\", \"txet\": \"b\"} | no field 'txet'",
        "{\"text\": \"a\", \"text\": \"b\"} | Duplicate",
        "{\"text\": \"a\"} {} | no JSON",
        "{\"text\": \"a\", \"sequence\": 1.5} | no whole number",
        "{\"text\": \"a\", \"sequence\": -1} | must be 0",
        "{\"text\": \"a\", \"sequence\": 99999999999999999999} | no whole number",
        "{\"text\": \"a\", \"status\": \"MAYBE\"} | neither CONFIRMED",
        "{\"text\": \"a\", \"status\": \"DRAFT\"} | needs its sequence number",
        "{\"text\": \"a\", \"endOfStream\": \"yes\"} | neither true nor false",
        "{\"text\": \"a\", \"attributes\": {\"x\": 1}} | is no text",
        "{\"text\": \"a\", \"timestamp\": -1} | since 1970",
        "{\"text\": \"\\ud800\"} | half a character",
        "[{\"text\": \"a\"}, {\"text\": \"b\", \"sequence\": 1}] | chunks[1].sequence"
      })
  void whatIsWrongIsNotTakenAndSaidWhere(String body, String detail) throws Exception {
    HttpResponse<String> response = server.postJson("/v1/streams/talk/chunks", body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    assertThat(response.headers().firstValue("content-type")).contains("application/problem+json");
    assertThat(TestServer.json(response).path("detail").asText()).contains(detail);
    assertThat(server.sink.put).isEmpty();
  }

  @Test
  void deeplyNestedJsonIsRefused() throws Exception {
    String deep = "[".repeat(100_000);
    assertThat(server.postJson("/v1/streams/talk/chunks", deep).statusCode()).isEqualTo(400);
  }

  @Test
  void otherTypesAndCompressedBodiesAreNotRead() throws Exception {
    String body = "{\"text\": \"a\"}";
    assertThat(
            server
                .send("POST", "/v1/streams/talk/chunks", body, "Content-Type", "text/plain")
                .statusCode())
        .isEqualTo(415);
    assertThat(
            server
                .postJson("/v1/streams/talk/chunks", body, "Content-Encoding", "gzip")
                .statusCode())
        .isEqualTo(415);
    assertThat(
            server
                .send("POST", "/v1/streams/talk/transcript", body, "Content-Type", "image/png")
                .statusCode())
        .isEqualTo(415);
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bomb)) {
      zip.write(new byte[1 << 20]);
    }
    for (String encoding : List.of("identity", "gzip", "deflate", "br", "snappy")) {
      HttpRequest request =
          HttpRequest.newBuilder(server.uri("/v1/streams/talk/transcript"))
              .header("Content-Encoding", encoding)
              .POST(BodyPublishers.ofByteArray(bomb.toByteArray()))
              .build();
      assertThat(server.client.send(request, BodyHandlers.ofString()).statusCode())
          .as(encoding)
          .isEqualTo(415);
    }
    assertThat(server.sink.put).isEmpty();
  }

  @Test
  void anXmlTranscriptCannotReadFiles() throws Exception {
    String xml =
        "<?xml version=\"1.0\"?><!DOCTYPE tt [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"
            + "<tt xmlns=\"http://www.w3.org/ns/ttml\"><body><div><p begin=\"0s\" end=\"1s\">&x;"
            + "</p></div></body></tt>";
    HttpResponse<String> response =
        server.send("POST", "/v1/streams/xml/transcript", xml, "Content-Type", "text/xml");
    assertThat(response.body()).doesNotContain("root:");
    assertThat(server.sink.put).noneMatch(it -> it.chunk().getText().contains("root:"));
  }

  @Test
  void whatIsInTheWayIsAConflict() throws Exception {
    server.streams.put("open", "Going on.").put("done", "Over.");
    server.streams.closed.add("done");
    assertThat(server.send("POST", "/v1/streams/open/transcript", "Hello.").statusCode())
        .isEqualTo(409);
    assertThat(server.send("POST", "/v1/streams/done/transcript", "Hello.").statusCode())
        .isEqualTo(200);
    assertThat(server.send("POST", "/v1/streams/done/end", null).statusCode()).isEqualTo(409);
    assertThat(server.send("POST", "/v1/streams/nobody/end", null).statusCode()).isEqualTo(404);
    assertThat(server.send("POST", "/v1/streams/blank/transcript", " \n ").statusCode())
        .isEqualTo(400);
  }

  @Test
  void whenKafkaDoesNotTakeItOneIsToldToComeBack() throws Exception {
    server.sink.failure = new NotReadyException("Kafka did not take it", new Exception());
    HttpResponse<String> response =
        server.postJson("/v1/streams/talk/chunks", "{\"text\":\"a\",\"sequence\":0}");
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After")).isPresent();
  }
}
