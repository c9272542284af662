package io.gistream.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gistream.api.security.ApiKey;
import io.gistream.api.security.Role;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tries to get in, to see what is another's, to do what one may not, and to wear the service out.
 */
@TestInstance(Lifecycle.PER_CLASS)
class BreakInTest {
  private static final List<String> READS =
      List.of(
          "/v1/streams",
          "/v1/streams/acme%2Ftalk",
          "/v1/streams/acme%2Ftalk/summary",
          "/v1/streams/acme%2Ftalk/revisions",
          "/v1/streams/acme%2Ftalk/chunks",
          "/v1/streams/acme%2Ftalk/memory",
          "/v1/streams/acme%2Ftalk/events",
          "/v1/events",
          "/v1/dead-letters",
          "/v1/about",
          "/prometheus");

  @TempDir static Path directory;
  private TestServer server;
  private final ApiKey.Made reader = ApiKey.make("reader", EnumSet.of(Role.READ), "");
  private final ApiKey.Made writer = ApiKey.make("writer", EnumSet.of(Role.WRITE), "");
  private final ApiKey.Made admin = ApiKey.make("admin", EnumSet.of(Role.ADMIN), "");
  private final ApiKey.Made tenant =
      ApiKey.make("tenant", EnumSet.of(Role.READ, Role.WRITE, Role.ADMIN), "acme/");

  @BeforeAll
  void start() throws IOException {
    Path keys = directory.resolve("keys");
    Files.write(
        keys,
        List.of(
            "# who may come",
            reader.kept().line(),
            writer.kept().line(),
            "",
            admin.kept().line(),
            tenant.kept().line()));
    server = new TestServer("http.auth.keys-file=" + keys, "http.rate-limit=1000000");
    server.streams.put("acme/talk", "Ours.").put("other/talk", "Theirs.");
    server.topics.say("acme/talk", 0, "Ours.");
    server.topics.say("other/talk", 0, "Theirs.");
    server.topics.bury("other/talk", "their secret");
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private static String[] key(ApiKey.Made made) {
    return new String[] {"Authorization", "Bearer " + made.key()};
  }

  @Test
  void withoutAKeyNothingIsSeenOrDone() throws Exception {
    for (String path : READS) {
      HttpResponse<String> response = server.get(path);
      assertThat(response.statusCode()).as(path).isEqualTo(401);
      assertThat(response.headers().firstValue("WWW-Authenticate").orElse("")).startsWith("Bearer");
      assertThat(response.headers().firstValue("content-type"))
          .contains("application/problem+json");
      assertThat(response.body()).doesNotContain("Ours").doesNotContain("Theirs");
    }
    for (String path : List.of("chunks", "transcript", "end")) {
      assertThat(server.postJson("/v1/streams/talk/" + path, "{}").statusCode()).isEqualTo(401);
    }
    assertThat(server.send("DELETE", "/v1/streams/talk", null).statusCode()).isEqualTo(401);
    assertThat(server.sink.put).isEmpty();
    assertThat(server.sink.erased).isEmpty();
  }

  @Test
  void healthTheIndexAndTheDescriptionAreForEverybody() throws Exception {
    for (String path : List.of("/", "/openapi.yml", "/health/liveness", "/health/readiness")) {
      assertThat(server.get(path).statusCode()).as(path).isEqualTo(200);
    }
  }

  @Test
  void aKeyThatIsNotQuiteOneIsNone() throws Exception {
    String good = reader.key();
    List<String> bad =
        List.of(
            "",
            "gst_",
            "gst_reader_",
            good.substring(0, good.length() - 1),
            good + "A",
            good.toUpperCase(java.util.Locale.ROOT),
            "gst_admin_" + good.substring("gst_reader_".length()),
            "gst_nobody_" + good.substring("gst_reader_".length()),
            reader.kept().line(),
            "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.",
            "x".repeat(4000));
    for (String key : bad) {
      assertThat(server.get("/v1/streams", "Authorization", "Bearer " + key).statusCode())
          .as(key)
          .isEqualTo(401);
      assertThat(server.get("/v1/streams", "X-API-Key", key).statusCode()).isEqualTo(401);
    }
    assertThat(server.get("/v1/streams", "Authorization", "Basic " + good).statusCode())
        .isEqualTo(401);
    assertThat(server.get("/v1/streams?api_key=" + good).statusCode()).isEqualTo(401);
    assertThat(server.get("/v1/streams", key(reader)).statusCode()).isEqualTo(200);
    assertThat(server.get("/v1/streams", "X-API-Key", good).statusCode()).isEqualTo(200);
  }

  @Test
  void whoReadsMayNotWriteAndWhoWritesMayNotReadAndNeitherMayErase() throws Exception {
    String body = "{\"sequence\": 0, \"text\": \"Hello.\"}";
    assertThat(server.postJson("/v1/streams/x/chunks", body, key(reader)).statusCode())
        .isEqualTo(403);
    assertThat(server.send("POST", "/v1/streams/x/end", null, key(reader)).statusCode())
        .isEqualTo(403);
    assertThat(server.get("/v1/streams", key(writer)).statusCode()).isEqualTo(403);
    assertThat(server.get("/v1/streams/x/events", key(writer)).statusCode()).isEqualTo(403);
    for (ApiKey.Made made : List.of(reader, writer)) {
      assertThat(server.send("DELETE", "/v1/streams/x", null, key(made)).statusCode())
          .isEqualTo(403);
    }
    assertThat(server.sink.erased).isEmpty();
    assertThat(server.postJson("/v1/streams/x/chunks", body, key(writer)).statusCode())
        .isEqualTo(200);
    assertThat(server.send("DELETE", "/v1/streams/x", null, key(admin)).statusCode())
        .isEqualTo(202);
    assertThat(server.get("/v1/about", key(writer)).body()).contains("\"roles\":[\"write\"]");
    server.sink.reset();
  }

  @Test
  void aTenantSeesAndTouchesHisStreamsAlone() throws Exception {
    assertThat(server.get("/v1/streams", key(tenant)).body())
        .contains("acme/talk")
        .doesNotContain("other");
    assertThat(server.get("/v1/dead-letters", key(tenant)).body())
        .isEqualTo("{\"deadLetters\":[],\"total\":0}");
    assertThat(server.get("/prometheus", key(tenant)).statusCode()).isEqualTo(403);
    assertThat(server.get("/v1/streams/acme%2Ftalk/summary", key(tenant)).statusCode())
        .isEqualTo(200);
    // those that exist and those that do not are refused alike
    for (String id : List.of("other%2Ftalk", "nobody", "acme", "%2Facme%2Ftalk", "ACME%2Ftalk")) {
      for (String what : List.of("", "/summary", "/revisions", "/chunks", "/memory", "/events")) {
        HttpResponse<String> response = server.get("/v1/streams/" + id + what, key(tenant));
        assertThat(response.statusCode()).as(id + what).isEqualTo(403);
        assertThat(response.headers().map()).doesNotContainKey("gistream-staleness-millis");
      }
      String body = "{\"sequence\": 0, \"text\": \"Hello.\"}";
      assertThat(server.postJson("/v1/streams/" + id + "/chunks", body, key(tenant)).statusCode())
          .isEqualTo(403);
      assertThat(server.send("DELETE", "/v1/streams/" + id, null, key(tenant)).statusCode())
          .isEqualTo(403);
    }
    assertThat(server.sink.put).isEmpty();
  }

  @Test
  void pathsThatAreWrittenOddlyLeadNowhere() throws Exception {
    for (String path :
        List.of(
            "/v1//streams",
            "//v1/streams",
            "/V1/streams",
            "/v1/streams/",
            "/v1/streams/acme%2Ftalk/../../other%2Ftalk/summary",
            "/v1/streams/acme%2F..%2Fother%2Ftalk/summary",
            "/v1/streams/acme/..%2f..%2fother/summary",
            "/v1/./streams",
            "/health/../v1/streams",
            "/health/liveness/..;/../v1/streams",
            "/%76%31/streams",
            "/v1/streams;a=b",
            "/v1/streams%2Fother%2Ftalk%2Fsummary",
            "/v1/streams/other%252Ftalk/summary",
            "http://other/v1/streams",
            "/../../etc/passwd",
            "/%2e%2e/%2e%2e/etc/passwd",
            "/web/../../etc/passwd")) {
      String answer =
          server.raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      assertThat(answer.lines().findFirst().orElse(""))
          .as(path)
          .containsPattern(" (301|400|401|403|404) ");
      assertThat(answer).doesNotContain("Theirs").doesNotContain("root:");
      // a tenant's key does not help
      answer =
          server.raw(
              "GET "
                  + path
                  + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-API-Key: "
                  + tenant.key()
                  + "\r\n\r\n");
      assertThat(answer).as(path).doesNotContain("Theirs").doesNotContain("root:");
    }
  }

  @Test
  void headersThatMeanSomethingToOthersMeanNothing() throws Exception {
    String[] tricks = {
      "X-Forwarded-For", "127.0.0.1",
      "X-Original-URL", "/health/liveness",
      "X-Rewrite-URL", "/health/liveness",
      "X-HTTP-Method-Override", "GET",
      "Gistream-Forwarded", "10.0.0.1:8080"
    };
    assertThat(server.get("/v1/streams", tricks).statusCode()).isEqualTo(401);
  }

  @Test
  void aKeyThatIsTakenOutIsLockedOut() throws Exception {
    ApiKey.Made leaving = ApiKey.make("leaving", EnumSet.of(Role.READ), "");
    Path keys = directory.resolve("more-keys");
    Files.write(keys, List.of(reader.kept().line(), leaving.kept().line()));
    try (TestServer other = new TestServer("http.auth.keys-file=" + keys)) {
      assertThat(other.get("/v1/about", key(leaving)).statusCode()).isEqualTo(200);
      Files.write(keys, List.of(reader.kept().line()));
      int status = 200;
      for (int i = 0; i < 300 && status == 200; i++) {
        Thread.sleep(100);
        status = other.get("/v1/about", key(leaving)).statusCode();
      }
      assertThat(status).isEqualTo(401);
      // what cannot be read changes nothing
      Files.writeString(keys, "nonsense");
      Thread.sleep(1_500);
      assertThat(other.get("/v1/about", key(reader)).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aFileThatHoldsNoKeysIsRefusedAtTheStart() throws IOException {
    Path keys = directory.resolve("bad-keys");
    for (String content :
        List.of("", "# nothing", "reader roles=read", "a roles=king sha256=0:0", reader.key())) {
      Files.writeString(keys, content);
      assertThatThrownBy(() -> new TestServer("http.auth.keys-file=" + keys))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("http.auth.keys-file")
          .hasMessageContaining(keys.toString());
    }
    Files.write(keys, List.of(reader.kept().line(), reader.kept().line()));
    assertThatThrownBy(() -> new TestServer("http.auth.keys-file=" + keys))
        .hasMessageContaining("line 2");
    assertThatThrownBy(() -> new TestServer("http.auth.keys-file=" + directory.resolve("none")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theFileDoesNotHoldTheKey() throws IOException {
    String kept = Files.readString(directory.resolve("keys"));
    for (ApiKey.Made made : List.of(reader, writer, admin, tenant)) {
      // gst_ID_SECRET, and the secret may have underscores of its own
      String secret = made.key().split("_", 3)[2];
      assertThat(kept).doesNotContain(secret);
    }
  }

  @Test
  void aPageOfAnotherSiteMayNotSendAnything() throws Exception {
    String body = "WEBVTT\n\n00:01.000 --> 00:02.000\nHello there.\n";
    try (TestServer open = new TestServer()) {
      for (String origin : List.of("https://evil.example", "null", "http://127.0.0.1:1", "x")) {
        assertThat(
                open.send(
                        "POST",
                        "/v1/streams/x/transcript",
                        body,
                        "Content-Type",
                        "text/plain",
                        "Origin",
                        origin)
                    .statusCode())
            .as(origin)
            .isEqualTo(403);
      }
      assertThat(open.sink.put).isEmpty();
      String own = "http://127.0.0.1:" + open.port();
      assertThat(open.send("POST", "/v1/streams/x/transcript", body, "Origin", own).statusCode())
          .isEqualTo(200);
      assertThat(open.get("/v1/streams", "Origin", "https://evil.example").headers().map())
          .doesNotContainKey("access-control-allow-origin");
    }
  }

  @Test
  void anotherNameForThisMachineIsNotAnswered() throws Exception {
    try (TestServer open = new TestServer()) {
      String rest = "\r\nConnection: close\r\n\r\n";
      assertThat(open.raw("GET /v1/streams HTTP/1.1\r\nHost: evil.example:8080" + rest))
          .startsWith("HTTP/1.1 421");
      for (String host : List.of("localhost", "127.0.0.1:8080", "[::1]:8080")) {
        assertThat(open.raw("GET /v1/streams HTTP/1.1\r\nHost: " + host + rest))
            .startsWith("HTTP/1.1 200");
      }
    }
  }

  @Test
  void onlyNamedSitesMayReadWithABrowser() throws Exception {
    try (TestServer cors = new TestServer("http.cors-origins=https://good.example")) {
      System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
      assertThat(
              cors.get("/v1/streams", "Origin", "https://good.example")
                  .headers()
                  .firstValue("access-control-allow-origin"))
          .contains("https://good.example");
      assertThat(cors.get("/v1/streams", "Origin", "https://evil.example").headers().map())
          .doesNotContainKey("access-control-allow-origin");
    }
  }

  @Test
  void whatIsTooLargeIsNotTaken() throws Exception {
    try (TestServer small = new TestServer("http.max-body=2KiB")) {
      String large = "{\"sequence\":0,\"text\":\"" + "x".repeat(4000) + "\"}";
      assertThat(small.postJson("/v1/streams/x/chunks", large).statusCode()).isEqualTo(413);
      String longText = "{\"sequence\":0,\"text\":\"" + "x".repeat(1001) + "\"}";
      HttpResponse<String> response = small.postJson("/v1/streams/x/chunks", longText);
      assertThat(response.statusCode()).isEqualTo(413);
      assertThat(response.body()).contains("chunks[0]");
      // a length that is not kept, and one that is a lie
      assertThat(
              small.raw(
                  "POST /v1/streams/x/chunks HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                      + "Content-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n{"))
          .containsPattern("^HTTP/1.[01] 413 ");
      assertThat(small.raw("GET /" + "a".repeat(20_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
          .containsPattern("^HTTP/1.[01] 4");
      assertThat(small.sink.put).isEmpty();
    }
  }

  @Test
  void whoAsksTooOftenIsToldWhenToComeBack() throws Exception {
    try (TestServer slow = new TestServer("http.rate-limit=2")) {
      List<Integer> statuses = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        HttpResponse<String> response = slow.get("/v1/streams");
        statuses.add(response.statusCode());
        if (response.statusCode() == 429) {
          assertThat(Integer.parseInt(response.headers().firstValue("Retry-After").orElse("")))
              .isPositive();
        }
        assertThat(slow.get("/health/liveness").statusCode()).isEqualTo(200);
      }
      assertThat(statuses.subList(0, 3)).containsOnly(200);
      assertThat(statuses).contains(429);
    }
  }

  @Test
  void guessingKeysIsCountedToo() throws Exception {
    Path keys = directory.resolve("keys");
    try (TestServer slow = new TestServer("http.auth.keys-file=" + keys, "http.rate-limit=2")) {
      List<Integer> statuses = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        statuses.add(slow.get("/v1/streams", "X-API-Key", "gst_admin_" + i).statusCode());
      }
      assertThat(statuses).contains(429).contains(401);
      assertThat(slow.get("/v1/streams", key(reader)).statusCode())
          .as("one with a key is not kept out by one without")
          .isEqualTo(200);
    }
  }

  @Test
  void manyConnectionsThatSayNothingKeepNobodyOut() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < 300; i++) {
        Socket socket = new Socket("127.0.0.1", server.port());
        socket.getOutputStream().write("GET /v1/streams HTTP/1.1\r\nX-A: ".getBytes());
        sockets.add(socket);
      }
      assertThat(server.get("/v1/streams", key(reader)).statusCode()).isEqualTo(200);
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void headersOfEveryAnswerAreStrict() throws Exception {
    for (String path : List.of("/", "/v1/streams", "/nothing", "/v1/streams/x/summary")) {
      var headers = server.get(path).headers();
      assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(headers.firstValue("X-Frame-Options")).contains("DENY");
      assertThat(headers.firstValue("Referrer-Policy")).contains("no-referrer");
      assertThat(headers.firstValue("Cross-Origin-Resource-Policy")).contains("same-origin");
      assertThat(headers.firstValue("Cache-Control")).contains("no-store");
      assertThat(headers.firstValue("Content-Security-Policy").orElse(""))
          .startsWith(path.startsWith("/v1") ? "default-src 'none'" : "default-src 'self'")
          .doesNotContain("unsafe");
      assertThat(headers.map()).doesNotContainKey("server");
    }
  }
}
