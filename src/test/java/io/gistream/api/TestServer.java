package io.gistream.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gistream.config.Settings;
import io.gistream.feed.FakeTopics;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;

/** A service over fakes, and requests to it. */
final class TestServer implements AutoCloseable {
  final FakeStreams streams = new FakeStreams();
  final FakeSink sink = new FakeSink();
  final FakeTopics topics;
  final HttpService service;
  final HttpClient client = HttpClient.newHttpClient();

  /**
   * @param settings as on a command line; the port is any
   */
  TestServer(String... settings) {
    this(1 << 20, settings);
  }

  TestServer(long historyBytes, String... settings) {
    topics = new FakeTopics(historyBytes);
    service =
        HttpService.start(options(settings), new Backend(streams, topics.feed(), sink, "test"));
  }

  static HttpOptions options(String... settings) {
    List<String> all = new java.util.ArrayList<>(List.of("http.port=0"));
    all.addAll(List.of(settings));
    return HttpOptions.of(Settings.load(all, Map.of(), null));
  }

  int port() {
    return service.port();
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  HttpResponse<String> get(String path, String... headers) throws Exception {
    return send("GET", path, null, headers);
  }

  HttpResponse<String> send(String method, String path, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path))
            .method(
                method,
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body, UTF_8));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString(UTF_8));
  }

  HttpResponse<String> postJson(String path, String body, String... headers) throws Exception {
    String[] all = java.util.Arrays.copyOf(headers, headers.length + 2);
    all[headers.length] = "Content-Type";
    all[headers.length + 1] = "application/json";
    return send("POST", path, body, all);
  }

  /** Everything that comes back for bytes that no client library would send. */
  String raw(String request) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port())) {
      socket.getOutputStream().write(request.getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  static JsonNode json(HttpResponse<String> response) throws IOException {
    return new ObjectMapper().readTree(response.body());
  }

  @Override
  public void close() {
    service.close();
  }
}
