package io.gistream.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.gistream.config.RegistryOptions;
import io.gistream.registry.RegistryConnection.Answer;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Schemas by id and ids by schema. Whatever was answered once is remembered for ever, since neither
 * can change; that an id is unknown only for a moment. Thread-safe.
 *
 * <p>Every method throws {@link RegistryException} when the registry does not do its part.
 */
public final class SchemaRegistry {
  private static final int NO_SUCH_VERSION = 40402;
  private static final int NO_SUCH_SCHEMA = 40403;
  private static final int NO_SUCH_SUBJECT = 40401;
  private static final int MOST_REFERENCES = 100;

  /** Records with invented ids must not become a storm of requests. */
  private static final long UNKNOWN_FOR_NANOS = Duration.ofSeconds(10).toNanos();

  private static final int MOST_UNKNOWN = 10_000;

  private final RegistryOptions options;
  private final RegistryConnection connection;
  private final Map<Integer, RegisteredSchema> schemas = new ConcurrentHashMap<>();
  private final Map<Subject, Integer> ids = new ConcurrentHashMap<>();
  private final Map<Integer, Long> unknown = new ConcurrentHashMap<>();

  private record Subject(String name, String schema) {}

  public SchemaRegistry(RegistryOptions options) {
    this.options = options;
    this.connection = new RegistryConnection(options);
  }

  /** The subject that the schema of a topic's values has. */
  public String subject(String topic, String recordName) {
    return switch (options.naming()) {
      case TOPIC -> topic + "-value";
      case RECORD -> recordName;
      case TOPIC_RECORD -> topic + "-" + recordName;
    };
  }

  /**
   * The id of a schema, which is registered if need be and allowed.
   *
   * @param schema in Avro's JSON
   */
  public int id(String subject, String schema) {
    Subject key = new Subject(subject, schema);
    Integer known = ids.get(key);
    if (known == null) {
      known = options.autoRegister() ? register(subject, schema) : lookUp(subject, schema);
      ids.put(key, known);
      schemas.put(known, new RegisteredSchema(schema, List.of()));
    }
    return known;
  }

  private int register(String subject, String schema) {
    Answer answer = connection.post("/subjects/" + encoded(subject) + "/versions", body(schema));
    if (!answer.found()) {
      throw new RegistryException(
          "the schema registry does not take our schema for subject %s: %s (status %d)"
              .formatted(subject, answer.message(), answer.status()));
    }
    return idOf(answer);
  }

  private int lookUp(String subject, String schema) {
    Answer answer = connection.post("/subjects/" + encoded(subject), body(schema));
    if (!answer.found()) {
      boolean missing = answer.code() == NO_SUCH_SUBJECT || answer.code() == NO_SUCH_SCHEMA;
      throw new RegistryException(
          missing
              ? ("subject %s of the schema registry has not our schema, and"
                      + " schema-registry.auto-register is false; register what 'gistream schema'"
                      + " prints")
                  .formatted(subject)
              : "the schema registry cannot look up our schema in subject %s: %s (status %d)"
                  .formatted(subject, answer.message(), answer.status()));
    }
    return idOf(answer);
  }

  private static JsonNode body(String schema) {
    return JsonNodeFactory.instance.objectNode().put("schema", schema);
  }

  private static int idOf(Answer answer) {
    JsonNode id = answer.body().path("id");
    if (!id.canConvertToInt() || !id.isIntegralNumber()) {
      throw new RegistryException("no id in the schema registry's answer to " + answer.uri());
    }
    return id.intValue();
  }

  /**
   * The schema with an id.
   *
   * @throws UnknownSchemaException when there is none, or it is not Avro
   */
  public RegisteredSchema schema(int id) {
    RegisteredSchema known = schemas.get(id);
    if (known != null) {
      return known;
    }
    Long since = unknown.get(id);
    if (since != null && System.nanoTime() - since < UNKNOWN_FOR_NANOS) {
      throw unknown(id);
    }
    Answer answer = connection.get("/schemas/ids/" + id);
    if (answer.code() == NO_SUCH_SCHEMA) {
      if (unknown.size() >= MOST_UNKNOWN) {
        unknown.clear();
      }
      unknown.put(id, System.nanoTime());
      throw unknown(id);
    }
    RegisteredSchema schema = new RegisteredSchema(text(answer, id), references(answer, id));
    schemas.put(id, schema);
    unknown.remove(id);
    return schema;
  }

  private static UnknownSchemaException unknown(int id) {
    return new UnknownSchemaException("the schema registry has no schema with id " + id);
  }

  private static String text(Answer answer, int id) {
    String type = answer.body().path("schemaType").asText("AVRO");
    if (answer.found() && !type.equals("AVRO")) {
      throw new UnknownSchemaException(
          "the schema with id %d in the schema registry is %s, must be AVRO".formatted(id, type));
    }
    JsonNode text = answer.body().path("schema");
    if (!answer.found() || !text.isTextual()) {
      throw new RegistryException(
          "the schema registry does not give the schema with id %d: %s (%s)"
              .formatted(id, answer.message(), answer.uri()));
    }
    return text.asText();
  }

  /** Depth first, so that each is read behind those it needs. */
  private List<String> references(Answer answer, int id) {
    List<String> texts = new ArrayList<>();
    collect(answer, id, new LinkedHashSet<>(), texts);
    return texts;
  }

  private void collect(Answer answer, int id, Set<String> seen, List<String> texts) {
    for (JsonNode reference : answer.body().path("references")) {
      String path =
          "/subjects/%s/versions/%d"
              .formatted(
                  encoded(reference.path("subject").asText()), reference.path("version").asInt());
      if (!seen.add(path)) {
        continue;
      }
      if (seen.size() > MOST_REFERENCES) {
        throw new UnknownSchemaException(
            "the schema with id %d refers to more than %d others".formatted(id, MOST_REFERENCES));
      }
      Answer referred = connection.get(path);
      if (referred.code() == NO_SUCH_SUBJECT || referred.code() == NO_SUCH_VERSION) {
        throw new UnknownSchemaException(
            "the schema with id %d refers to %s, which the schema registry has not"
                .formatted(id, path));
      }
      collect(referred, id, seen, texts);
      texts.add(text(referred, id));
    }
  }

  /** For a path: a space is %20 there. */
  private static String encoded(String subject) {
    return URLEncoder.encode(subject, UTF_8).replace("+", "%20");
  }
}
