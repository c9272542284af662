package io.gistream.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gistream.config.RegistryOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests to a registry that has several addresses. One that does not answer, or says that it
 * cannot now, is asked again after the others, with longer and longer pauses.
 */
final class RegistryConnection {
  private static final Logger LOG = LoggerFactory.getLogger(RegistryConnection.class);
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String TYPE = "application/vnd.schemaregistry.v1+json";
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /** Answers that may be others a moment later. */
  private static final Set<Integer> PASSING = Set.of(408, 425, 429, 500, 502, 503, 504);

  private final HttpClient http;
  private final RegistryOptions options;

  /**
   * An answer that says yes or no.
   *
   * @param code the registry's own code for a refusal, 0 when it has none
   */
  record Answer(URI uri, int status, int code, JsonNode body) {
    boolean found() {
      return status / 100 == 2;
    }

    String message() {
      JsonNode message = body.path("message");
      return message.isTextual() ? message.asText() : "status " + status;
    }
  }

  RegistryConnection(RegistryOptions options) {
    this.options = options;
    this.http =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT_TIMEOUT)
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER) // the password is for this server alone
            .sslContext(
                TlsContext.of(
                    options.trust(),
                    options.trustPassword(),
                    options.clientKey(),
                    options.clientKeyPassword()))
            .build();
  }

  Answer get(String path) {
    return send(path, null);
  }

  Answer post(String path, JsonNode body) {
    return send(path, body.toString());
  }

  private Answer send(String path, @Nullable String body) {
    long until = System.nanoTime() + options.patience().toNanos();
    Duration pause = FIRST_PAUSE;
    while (true) {
      String failure = "";
      for (URI base : options.urls()) {
        try {
          HttpResponse<byte[]> response =
              http.send(request(URI.create(base + path), body), BodyHandlers.ofByteArray());
          if (!PASSING.contains(response.statusCode())) {
            return answer(response);
          }
          failure = base + " answers with status " + response.statusCode();
        } catch (IOException e) {
          failure = base + " does not answer: " + reason(e);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new RegistryException("interrupted while asking the schema registry", e);
        }
      }
      if (System.nanoTime() + pause.toNanos() - until > 0) {
        throw new RegistryException("the schema registry at " + failure);
      }
      LOG.warn("The schema registry at {}; asking again in {} ms", failure, pause.toMillis());
      sleep(pause);
      pause = pause.multipliedBy(2);
      pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }
  }

  private HttpRequest request(URI uri, @Nullable String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(REQUEST_TIMEOUT)
            .header("Accept", TYPE + ", application/json");
    if (!options.user().isEmpty()) {
      String credentials = options.user() + ":" + options.password();
      request.header(
          "Authorization",
          "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8)));
    }
    return body == null
        ? request.GET().build()
        : request.header("Content-Type", TYPE).POST(BodyPublishers.ofString(body)).build();
  }

  /** A refusal of ours is an answer; whoever lets nobody in has not answered. */
  private static Answer answer(HttpResponse<byte[]> response) {
    int status = response.statusCode();
    if (status == 401 || status == 403) {
      throw new RegistryException(
          "the schema registry refuses %s (status %d); see schema-registry.user and .password"
              .formatted(response.uri(), status));
    }
    if (status / 100 == 3) {
      throw new RegistryException(
          "the schema registry sends %s elsewhere (status %d); set schema-registry.url to where it"
                  .formatted(response.uri(), status)
              + " is");
    }
    JsonNode body;
    try {
      body = new String(response.body(), UTF_8).isBlank() ? null : JSON.readTree(response.body());
    } catch (JsonProcessingException e) {
      body = null;
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory can always be read", e);
    }
    if (body == null || !body.isObject()) {
      throw new RegistryException(
          ("%s is no schema registry with Confluent's REST interface: status %d without a JSON"
                  + " object; a path may be missing in schema-registry.url")
              .formatted(response.uri(), status));
    }
    return new Answer(response.uri(), status, body.path("error_code").asInt(0), body);
  }

  private static String reason(IOException e) {
    Throwable cause = e;
    while (cause.getCause() != null && cause.getMessage() == null) {
      cause = cause.getCause();
    }
    String name = cause.getClass().getSimpleName();
    return cause.getMessage() == null ? name : cause.getMessage() + " (" + name + ")";
  }

  private static void sleep(Duration pause) {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RegistryException("interrupted while waiting for the schema registry", e);
    }
  }
}
