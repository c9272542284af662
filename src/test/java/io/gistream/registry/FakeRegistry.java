package io.gistream.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.gistream.config.GistreamOptions;
import io.gistream.config.RegistryOptions;
import io.gistream.config.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/** A schema registry that fails as it is told. */
public final class FakeRegistry implements AutoCloseable {
  /** Instead of an answer: the connection is cut. */
  public static final int CUT = 0;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpServer server;
  private final String scheme;
  private final Map<Integer, ObjectNode> schemas = new LinkedHashMap<>();
  private final Map<String, List<Integer>> subjects = new LinkedHashMap<>();
  private final Queue<Integer> failures = new ConcurrentLinkedQueue<>();
  private volatile int always = 200;
  private volatile String authorization = "";

  /** Method and path of every request. */
  public final List<String> requests = new CopyOnWriteArrayList<>();

  public FakeRegistry() throws IOException {
    this("http", HttpServer.create(loopback(), 0));
  }

  /** With TLS. */
  public FakeRegistry(SSLContext tls) throws IOException {
    this("https", secure(tls));
  }

  private static HttpServer secure(SSLContext tls) throws IOException {
    HttpsServer server = HttpsServer.create(loopback(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    return server;
  }

  private FakeRegistry(String scheme, HttpServer server) {
    this.scheme = scheme;
    this.server = server;
    server.setExecutor(
        Executors.newFixedThreadPool(
            4,
            task -> {
              Thread thread = new Thread(task);
              thread.setDaemon(true);
              return thread;
            }));
    server.createContext("/", this::handle);
    server.start();
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  public String url() {
    return scheme + "://localhost:" + server.getAddress().getPort();
  }

  /** The next requests get these, one each. */
  public void fail(Integer... statuses) {
    failures.addAll(List.of(statuses));
  }

  /** Every request gets this from now on; 200 to work again. */
  public void always(int status) {
    always = status;
  }

  /** The header that every request must have. */
  public void require(String header) {
    authorization = header;
  }

  public synchronized int add(String subject, String schema) {
    return add(subject, JSON.createObjectNode().put("schema", schema));
  }

  /** As the registry gives it, with type and references. */
  public synchronized int add(String subject, ObjectNode schema) {
    int id = find(schema);
    if (id < 0) {
      id = schemas.size() + 1;
      schemas.put(id, schema);
    }
    List<Integer> versions = subjects.computeIfAbsent(subject, name -> new ArrayList<>());
    if (!versions.contains(id)) {
      versions.add(id);
    }
    return id;
  }

  public synchronized Map<String, List<Integer>> subjects() {
    return Map.copyOf(subjects);
  }

  private int find(JsonNode schema) {
    return schemas.entrySet().stream()
        .filter(known -> known.getValue().equals(schema))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(-1);
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getRawPath();
    requests.add(exchange.getRequestMethod() + " " + path);
    byte[] body = exchange.getRequestBody().readAllBytes();
    Integer failure = failures.poll();
    int status = failure == null ? always : failure;
    if (status == CUT) {
      exchange.close();
    } else if (status != 200) {
      answer(exchange, status, "{\"error_code\":" + status + "00,\"message\":\"as told\"}");
    } else if (!authorization.isEmpty()
        && !authorization.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      answer(exchange, 401, "{\"error_code\":40101,\"message\":\"who are you?\"}");
    } else {
      ObjectNode sent =
          body.length == 0 ? JSON.createObjectNode() : (ObjectNode) JSON.readTree(body);
      JsonNode answer = answer(path.split("/"), sent);
      answer(exchange, answer.has("error_code") ? 404 : 200, answer.toString());
    }
  }

  private synchronized JsonNode answer(String[] path, ObjectNode sent) {
    Arrays.setAll(path, i -> URLDecoder.decode(path[i], UTF_8));
    if (path[1].equals("schemas")) {
      ObjectNode schema = schemas.get(Integer.parseInt(path[3]));
      return schema == null ? error(40403) : schema;
    }
    String subject = path[2];
    if (path.length == 3) {
      int id = find(sent);
      if (!subjects.containsKey(subject)) {
        return error(40401);
      }
      return subjects.get(subject).contains(id) ? id(id) : error(40403);
    }
    if (path.length == 4) {
      return id(add(subject, sent));
    }
    List<Integer> versions = subjects.getOrDefault(subject, List.of());
    int version = Integer.parseInt(path[4]);
    return version > versions.size() ? error(40402) : schemas.get(versions.get(version - 1));
  }

  private static JsonNode id(int id) {
    return JSON.createObjectNode().put("id", id);
  }

  private static JsonNode error(int code) {
    return JSON.createObjectNode().put("error_code", code).put("message", "not found");
  }

  private static void answer(HttpExchange exchange, int status, String json) throws IOException {
    byte[] bytes = json.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  /** Options for this one, with little patience. */
  public RegistryOptions options(String... assignments) {
    List<String> all =
        new ArrayList<>(List.of("schema-registry.url=" + url(), "schema-registry.patience=1s"));
    all.addAll(List.of(assignments));
    return RegistryOptions.from(Settings.load(all, Map.of(), null)).orElseThrow();
  }

  /** Settings that name this one. */
  public Settings in(Settings settings) {
    return settings.with(GistreamOptions.SCHEMA_REGISTRY_URL, url(), "test");
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
