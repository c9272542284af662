package io.gistream.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micronaut.web.router.Router;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.yaml.snakeyaml.Yaml;

/** The description of the API says what the server does: the same routes, the same fields. */
@TestInstance(Lifecycle.PER_CLASS)
class OpenApiTest {
  private static final Set<String> METHODS = Set.of("get", "post", "delete");

  private TestServer server;
  private JsonNode document;

  @BeforeAll
  void start() throws Exception {
    server = new TestServer();
    server.streams.put("talk", "We ship.");
    server.topics.say("talk", 0, "We ship.");
    server.topics.summarise(FakeStreams.summary("talk", "We ship."));
    server.topics.bury("talk", "not a chunk");
    Object yaml = new Yaml().load(server.get("/openapi.yml").body());
    document = new ObjectMapper().valueToTree(yaml);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void itHasTheRoutesOfTheServerAndNoOthers() {
    Set<String> served =
        server
            .service
            .context()
            .getBean(Router.class)
            .uriRoutes()
            .filter(route -> !Set.of("HEAD", "OPTIONS").contains(route.getHttpMethodName()))
            .map(
                route ->
                    route.getHttpMethodName()
                        + " "
                        + route
                            .getUriMatchTemplate()
                            .toPathString()
                            .replaceAll("\\{[^}]*}", "{id}"))
            .filter(route -> !route.equals("GET /"))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> described = new TreeSet<>();
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        method -> {
                          if (METHODS.contains(method)) {
                            described.add(
                                method.toUpperCase(java.util.Locale.ROOT) + " " + path.getKey());
                          }
                        }));
    assertThat(described).isEqualTo(served);
  }

  @Test
  void theFieldsOfAnswersAreThoseOfTheirSchemas() throws Exception {
    for (Map.Entry<String, String> asked :
        Map.of(
                "/v1/about", "/v1/about",
                "/v1/streams", "/v1/streams",
                "/v1/streams/talk", "/v1/streams/{id}",
                "/v1/streams/talk/summary", "/v1/streams/{id}/summary",
                "/v1/streams/talk/revisions", "/v1/streams/{id}/revisions",
                "/v1/streams/talk/chunks", "/v1/streams/{id}/chunks",
                "/v1/streams/talk/memory", "/v1/streams/{id}/memory",
                "/v1/dead-letters", "/v1/dead-letters",
                "/health/readiness", "/health/readiness")
            .entrySet()) {
      JsonNode schema = answer(asked.getValue(), "get");
      check(schema, TestServer.json(server.get(asked.getKey())), asked.getKey());
    }
    check(
        answer("/v1/streams/{id}/chunks", "post"),
        TestServer.json(server.postJson("/v1/streams/new/chunks", "{\"text\":\"Hello.\"}")),
        "chunks");
    check(
        answer("/v1/streams/{id}/transcript", "post"),
        TestServer.json(
            server.send("POST", "/v1/streams/upload/transcript", "Ada: Hello.\nGrace: Hi.\n")),
        "transcript");
    check(
        answer("/v1/streams/{id}/end", "post"),
        TestServer.json(server.postJson("/v1/streams/new/end", "{\"sequence\":1}")),
        "end");
    check(
        document.at("/components/schemas/Problem"),
        TestServer.json(server.get("/v1/streams/nobody")),
        "problem");
  }

  private JsonNode answer(String path, String method) {
    JsonNode schema =
        document
            .path("paths")
            .path(path)
            .path(method)
            .path("responses")
            .path("200")
            .path("content")
            .path("application/json")
            .path("schema");
    assertThat(schema.isMissingNode()).as(path).isFalse();
    return schema;
  }

  private void check(JsonNode schema, JsonNode value, String place) {
    JsonNode resolved = resolve(schema);
    if (value.isNull()) {
      return;
    }
    if (resolved.has("oneOf")) {
      check(resolved.path("oneOf").path(0), value, place);
    } else if (value.isArray()) {
      for (JsonNode item : value) {
        check(resolved.path("items"), item, place + "[]");
      }
    } else if (value.isObject() && !resolved.has("additionalProperties")) {
      Set<String> described = new TreeSet<>();
      List<JsonNode> parts =
          resolved.has("allOf")
              ? List.of(resolve(resolved.at("/allOf/0")), resolve(resolved.at("/allOf/1")))
              : List.of(resolved);
      for (JsonNode part : parts) {
        part.path("properties").fieldNames().forEachRemaining(described::add);
      }
      Set<String> given = new TreeSet<>();
      value.fieldNames().forEachRemaining(given::add);
      assertThat(given).as(place).isEqualTo(described);
      for (JsonNode part : parts) {
        part.path("properties")
            .properties()
            .forEach(
                it -> check(it.getValue(), value.path(it.getKey()), place + "." + it.getKey()));
      }
    } else if (value.isValueNode()) {
      String types = resolved.path("type").toString() + (resolved.has("enum") ? "string" : "");
      assertThat(types)
          .as(place)
          .contains(
              value.isTextual()
                  ? "string"
                  : value.isBoolean()
                      ? "boolean"
                      : value.isIntegralNumber() ? "integer" : "number");
    }
  }

  private JsonNode resolve(JsonNode schema) {
    String reference = schema.path("$ref").asText("");
    return reference.isEmpty() ? schema : document.at(reference.substring(1));
  }
}
