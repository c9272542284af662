package io.gistream.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gistream.stream.LiveStreams.NotReadyException;
import io.gistream.stream.LiveStreams.State;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(Lifecycle.PER_CLASS)
class HttpServiceTest {
  private static final HttpOptions FREE_PORT = TestServer.options("http.rate-limit=1000000");

  private final TestServer server = new TestServer("http.rate-limit=1000000");
  private final FakeStreams streams = server.streams;
  private final FakeSink eraser = server.sink;
  private final HttpClient client = server.client;
  private final HttpService service = server.service;

  @BeforeEach
  void reset() {
    eraser.reset();
    streams.reset();
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void livenessIsDownOnlyWhenARestartHelps() throws Exception {
    for (State state : State.values()) {
      streams.state = state;
      int wanted = state == State.ERROR ? 503 : 200;
      assertThat(get("/health/liveness").statusCode()).as(state.name()).isEqualTo(wanted);
    }
    streams.state = State.RUNNING;
    streams.threadDead = true;
    HttpResponse<String> dead = get("/health/liveness");
    assertThat(dead.statusCode()).isEqualTo(503);
    assertThat(json(dead).path("status").asText()).isEqualTo("DOWN");
  }

  @Test
  void readinessIsUpOnlyWhenRunningAndRestored() throws Exception {
    for (State state : State.values()) {
      streams.state = state;
      int wanted = state == State.RUNNING ? 200 : 503;
      assertThat(get("/health/readiness").statusCode()).as(state.name()).isEqualTo(wanted);
    }
    streams.state = State.RUNNING;
    streams.restored = false;
    assertThat(get("/health/readiness").statusCode()).isEqualTo(503);
    streams.restored = true;
    assertThat(get("/health/readiness").body())
        .isEqualTo("{\"status\":\"UP\",\"state\":\"RUNNING\",\"restored\":true}");
  }

  @Test
  void metricsOfTheJvmAndThoseRegisteredAreShown() throws Exception {
    service.meters().counter("gistream.test", "kind", "probe").increment(3);
    HttpResponse<String> metrics = get("/prometheus");
    assertThat(metrics.statusCode()).isEqualTo(200);
    assertThat(metrics.headers().firstValue("content-type").orElse(""))
        .startsWith("text/plain")
        .contains("version=0.0.4");
    assertThat(metrics.body())
        .contains("gistream_test_total{kind=\"probe\"} 3.0")
        .contains("jvm_memory_used_bytes");
  }

  @Test
  void aSummaryIsShownWithSentencesAndSources() throws Exception {
    streams.put("talk", "We ship on Friday.");
    HttpResponse<String> response = get("/v1/streams/talk/summary");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).contains("application/json");
    assertThat(json(response))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"streamId": "talk", "epoch": 1, "revision": 7, "text": "We ship on Friday.",
                     "sentences": [{"id": 3, "text": "We ship on Friday.", "salience": 1.5,
                       "grounding": 1.0, "origin": "EXTRACTED", "source": {"sequences": [4, 5], "startMillis": 100,
                       "endMillis": null, "speakers": ["Ada"]}}],
                     "added": ["We ship on Friday."], "removed": [],
                     "covered": {"first": 0, "last": 5}, "gaps": [{"first": 2, "last": 3}],
                     "provisional": true, "final": false, "startMillis": 0, "endMillis": null,
                     "wordsHeard": 321, "modelName": "compact-raf", "modelVersion": "1.0.0"}
                    """));
  }

  @Test
  void aStreamIsErasedOnRequestWhateverItsId() throws Exception {
    for (String path : List.of("talk", "a%2Fb%20%C3%A9", "summary")) {
      HttpResponse<String> response = delete("/v1/streams/" + path);
      assertThat(response.statusCode()).isEqualTo(202);
      assertThat(response.body()).isEmpty();
    }
    assertThat(eraser.erased).containsExactly("talk", "a/b é", "summary");
    assertThat(delete("/v1/streams/talk/summary").statusCode()).isEqualTo(405);
    assertThat(delete("/v1/streams/%ff").statusCode()).isEqualTo(400);
    assertThat(eraser.erased).hasSize(3);
  }

  @Test
  void anErasureThatCannotBeAskedForSaysWhy() throws Exception {
    eraser.failure = new IllegalArgumentException("no stream has this id: it is blank");
    HttpResponse<String> refused = delete("/v1/streams/%20");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(json(refused).path("detail").asText()).contains("it is blank");
    eraser.failure = new NotReadyException("Kafka did not take it", new IOException());
    HttpResponse<String> unavailable = delete("/v1/streams/talk");
    assertThat(unavailable.statusCode()).isEqualTo(503);
    assertThat(unavailable.headers().firstValue("retry-after")).isPresent();
  }

  private HttpResponse<String> delete(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + service.port() + path);
    return client.send(HttpRequest.newBuilder(uri).DELETE().build(), BodyHandlers.ofString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a/b",
        "/",
        "//",
        "a/summary",
        "summary",
        "a+b c",
        "100%",
        "%2F",
        ".",
        "..",
        "../../etc/passwd",
        "a?b=c#d",
        "a;b=c&d",
        "{id}",
        "[x]|\\^`\"'",
        "Zoë \uD83D\uDE80 語",
        "<script>alert(1)</script>",
        "-",
        "~_.!*()@:$,="
      })
  void aStreamIdMayHaveAnyCharacter(String id) throws Exception {
    streams.put(id, "Said.").put("other", "Not this.");
    HttpResponse<String> response = get("/v1/streams/" + PathSegment.encode(id) + "/summary");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(json(response).path("streamId").asText()).isEqualTo(id);
  }

  @Test
  void charactersThatNeedNoEncodingMayStayAsTheyAre() throws Exception {
    streams.put("a+b:c@d;e=f&g,$!*'()~", "Said.");
    assertThat(get("/v1/streams/a+b:c@d;e=f&g,$!*'()~/summary").statusCode()).isEqualTo(200);
  }

  @Test
  void whatLooksLikeHtmlStaysText() throws Exception {
    String evil = "</script><img src=x onerror=alert(1)>\"'\u2028\n";
    streams.put(evil, evil);
    for (String path :
        List.of(
            "/v1/streams",
            "/v1/streams/" + PathSegment.encode(evil) + "/summary",
            "/v1/streams/" + PathSegment.encode(evil + "unknown") + "/summary",
            "/" + PathSegment.encode(evil))) {
      HttpResponse<String> response = get(path);
      assertThat(response.headers().firstValue("content-type").orElse(""))
          .as(path)
          .startsWith("application/")
          .contains("json");
      assertThat(response.headers().firstValue("x-content-type-options")).contains("nosniff");
      assertThat(json(response).isObject()).isTrue();
    }
    JsonNode listed = json(get("/v1/streams")).path("streams").path(0);
    assertThat(listed.path("id").asText()).isEqualTo(evil);
  }

  @Test
  void anUnknownStreamIsAProblem() throws Exception {
    problem(get("/v1/streams/nobody/summary"), 404, "nobody");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/nothing",
        "/v1",
        "/health",
        "/metrics",
        "/env",
        "/beans",
        "/routes",
        "/stop",
        "/refresh",
        "/loggers",
        "/threaddump",
        "/favicon.ico"
      })
  void anUnknownPathIsAProblem(String path) throws Exception {
    problem(get(path), 404, "GET /");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/v1/streams/a/b/summary", "/v1/streams//summary", "/v1/streams/a/summary/x"})
  void aPathThatIsNearlyOneOfAStreamIsAProblemThatSaysHow(String path) throws Exception {
    problem(get(path), 404, "/v1/streams/{id}/summary");
  }

  @Test
  void anIdInBrokenEncodingIsAProblem() throws Exception {
    problem(get("/v1/streams/%FF/summary"), 400, "UTF-8");
    // java.net.URI refuses to send these
    assertThat(raw("GET /v1/streams/%2/summary HTTP/1.1")).contains(" 400 ");
    assertThat(raw("GET /v1/streams/%zz/summary HTTP/1.1")).contains(" 400 ");
    assertThat(raw("GET /v1/streams/a b/summary HTTP/1.1")).contains(" 400 ");
  }

  @Test
  void streamsThatAreNotReadyAreWorthAnotherTry() throws Exception {
    streams.failWith(new NotReadyException("partitions are being restored", new Exception()));
    for (String path : List.of("/v1/streams", "/v1/streams/talk/summary")) {
      HttpResponse<String> response = get(path);
      problem(response, 503, "partitions are being restored");
      assertThat(response.headers().firstValue("retry-after")).contains("1");
    }
  }

  @Test
  void aDefectIsAProblemWithoutAStackTrace() throws Exception {
    streams.failWith(new IllegalArgumentException("secret of the inside"));
    HttpResponse<String> response = get("/v1/streams/talk/summary");
    problem(response, 500, "the log says why");
    assertThat(response.body()).doesNotContain("secret").doesNotContain("Exception");
  }

  @Test
  void fifteenHundredStreamsArePagedInTheOrderOfTheirIds() throws Exception {
    TreeSet<String> ids = new TreeSet<>();
    IntStream.range(0, 1_500).forEach(i -> ids.add("talk/" + i + " +%&é"));
    ids.forEach(id -> streams.put(id, "Said."));

    List<String> seen = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    String path = "/v1/streams?limit=400";
    while (!path.isEmpty()) {
      JsonNode page = json(get(path));
      page.path("streams").forEach(stream -> seen.add(stream.path("id").asText()));
      sizes.add(page.path("streams").size());
      path = page.path("next").asText("").replace("null", "");
    }
    assertThat(sizes).containsExactly(400, 400, 400, 300);
    assertThat(seen).containsExactlyElementsOf(ids);
  }

  @Test
  void aPageIsAHundredStreamsUnlessTold() throws Exception {
    IntStream.range(0, 150).forEach(i -> streams.put("talk" + i, "Said."));
    assertThat(json(get("/v1/streams")).path("streams")).hasSize(100);
    assertThat(json(get("/v1/streams?limit=1000")).path("streams")).hasSize(150);
    assertThat(json(get("/v1/streams?limit=150")).path("next").isNull()).isTrue();
    assertThat(json(get("/v1/streams?after=talk98")).path("streams")).hasSize(1);
  }

  @Test
  void noStreamsAreAnEmptyPage() throws Exception {
    assertThat(get("/v1/streams").body())
        .isEqualTo("{\"streams\":[],\"next\":null,\"complete\":true}");
  }

  @Test
  void aStreamIsListedWithWhatIsKnownOfIt() throws Exception {
    streams.put("talk", "Said.");
    assertThat(json(get("/v1/streams")).path("streams").path(0))
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"id": "talk", "state": "open", "epoch": 1, "revision": 7, "nextSequence": 6,
                     "wordsHeard": 321, "lastTimestamp": 1000, "waiting": 0, "unsummarised": 0,
                     "unsummarisedSince": null, "unsummarisedAgeMillis": null, "closed": false,
                     "provisional": true, "gaps": 1}
                    """));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "1001", "many", "99999999999"})
  void aLimitThatIsNoneIsAProblem(String limit) throws Exception {
    problem(get("/v1/streams?limit=" + limit), 400, "limit");
  }

  @Test
  void theIndexListsTheEndpoints() throws Exception {
    HttpResponse<String> index = get("/");
    assertThat(index.statusCode()).isEqualTo(200);
    assertThat(index.headers().firstValue("content-type").orElse("")).startsWith("text/plain");
    assertThat(index.body())
        .contains("/v1/streams", "/health/liveness", "/health/readiness", "/prometheus");
  }

  @Test
  void headIsGetWithoutABody() throws Exception {
    streams.put("talk", "Said.");
    for (String path : List.of("/", "/v1/streams", "/v1/streams/talk/summary", "/prometheus")) {
      HttpResponse<String> head = send("HEAD", path);
      assertThat(head.statusCode()).as(path).isEqualTo(200);
      assertThat(head.body()).isEmpty();
    }
    assertThat(send("HEAD", "/nothing").statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"})
  void otherMethodsAreNotAllowed(String method) throws Exception {
    for (String path : List.of("/", "/v1/streams", "/health/liveness")) {
      HttpResponse<String> response = send(method, path);
      assertThat(response.statusCode()).as(method + " " + path).isEqualTo(405);
      assertThat(response.headers().firstValue("allow").orElse("")).contains("GET");
    }
  }

  @Test
  void browsersGetThePageAndItsFiles() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri("/"))
            .header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
            .build();
    HttpResponse<String> page = client.send(request, BodyHandlers.ofString());
    assertThat(page.headers().firstValue("content-type").orElse("")).startsWith("text/html");
    assertThat(page.headers().firstValue("content-security-policy").orElse(""))
        .contains("default-src 'self'");
    assertThat(page.body()).contains("<title>Gistream</title>");
    Map<String, String> types =
        Map.of("/js/app.js", "javascript", "/css/base.css", "css", "/images/icon.svg", "svg");
    for (String file : types.keySet()) {
      HttpResponse<String> response = get(file);
      assertThat(response.statusCode()).as(file).isEqualTo(200);
      assertThat(response.headers().firstValue("content-type").orElse(""))
          .contains(types.get(file));
    }
    for (String file : List.of("/js/none.js", "/js/", "/js/../logback.xml", "/logback.xml")) {
      assertThat(get(file).statusCode()).as(file).isEqualTo(404);
    }
  }

  @Test
  void browsersGetJsonToo() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri("/v1/streams"))
            .header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
            .build();
    assertThat(client.send(request, BodyHandlers.ofString(UTF_8)).statusCode()).isEqualTo(200);
  }

  @Test
  void itListensOnTheGivenAddressAlone() throws Exception {
    for (NetworkInterface face : Collections.list(NetworkInterface.getNetworkInterfaces())) {
      for (InetAddress address : Collections.list(face.getInetAddresses())) {
        if (!address.isLoopbackAddress()) {
          assertThatThrownBy(() -> new Socket(address, service.port()).close())
              .isInstanceOf(IOException.class);
        }
      }
    }
  }

  @Test
  void aTakenPortIsReportedWithTheSettingToChange() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      HttpOptions options = TestServer.options("http.port=" + taken.getLocalPort());
      assertThatThrownBy(() -> HttpService.start(options, backend(new FakeStreams())))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("127.0.0.1:" + taken.getLocalPort())
          .hasMessageContaining("in use")
          .hasMessageContaining("http.port");
    }
  }

  @Test
  void aHostThatIsNotKnownIsReported() {
    HttpOptions options = TestServer.options("http.host=nobody.invalid", "http.auth=none");
    assertThatThrownBy(() -> HttpService.start(options, backend(new FakeStreams())))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("nobody.invalid:0: the host is not known; set http.host");
  }

  @Test
  void closingTheServiceFreesThePortAndLeavesTheStreamsOpen() throws IOException {
    FakeStreams others = new FakeStreams();
    HttpService second = HttpService.start(FREE_PORT, backend(others));
    int port = second.port();
    second.close();
    new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1")).close();
    assertThat(others.ended).isFalse();
  }

  @Test
  void aRequestThatIsBeingAnsweredHoldsUpTheEnd() throws Exception {
    FakeStreams slow = new FakeStreams().put("talk", "Said.");
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    slow.whenAsked =
        () -> {
          asked.countDown();
          await(answer);
        };
    HttpService ending = HttpService.start(FREE_PORT, backend(slow));
    int port = ending.port();
    URI summary = URI.create("http://127.0.0.1:" + port + "/v1/streams/talk/summary");
    var response =
        client.sendAsync(HttpRequest.newBuilder(summary).build(), BodyHandlers.ofString(UTF_8));
    await(asked);
    Thread end = new Thread(ending::close);
    end.start();
    while (accepts(port)) {
      Thread.onSpinWait();
    }
    answer.countDown();
    assertThat(response.get().statusCode()).isEqualTo(200);
    end.join();
  }

  private Backend backend(FakeStreams others) {
    return new Backend(others, server.topics.feed(), eraser, "test");
  }

  private static boolean accepts(int port) {
    try {
      new Socket("127.0.0.1", port).close();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send("GET", path);
  }

  private HttpResponse<String> send(String method, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri(path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    return client.send(request, BodyHandlers.ofString(UTF_8));
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + service.port() + path);
  }

  /** The first line of the answer to a request line that a client library would not send. */
  private String raw(String requestLine) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", service.port())) {
      String request = requestLine + "\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      return answer.lines().findFirst().orElse("");
    }
  }

  private static JsonNode json(HttpResponse<String> response) throws IOException {
    return new ObjectMapper().readTree(response.body());
  }

  private static void problem(HttpResponse<String> response, int status, String detail)
      throws IOException {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("content-type")).contains("application/problem+json");
    JsonNode problem = json(response);
    assertThat(problem.path("type").asText()).isEqualTo("about:blank");
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    assertThat(problem.path("title").asText()).isNotEmpty();
    assertThat(problem.path("detail").asText()).contains(detail);
  }
}
