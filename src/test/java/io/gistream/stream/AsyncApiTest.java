package io.gistream.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gistream.avro.InboxEntry;
import io.gistream.avro.RollingSummary;
import io.gistream.avro.SequenceRange;
import io.gistream.config.Settings;
import io.gistream.kafka.TopicLayout;
import io.gistream.kafka.TopicSpec;
import io.gistream.serde.AvroCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParser;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** {@code docs/asyncapi.yaml} says what is really on the topics. */
class AsyncApiTest {
  private static final Path FILE = Path.of("docs/asyncapi.yaml");
  private static Map<String, Object> document;

  @BeforeAll
  static void read() throws IOException {
    document = new Yaml().load(Files.readString(FILE));
  }

  private static Object at(String... path) {
    Object here = document;
    for (String step : path) {
      here = ((Map<?, ?>) here).get(step);
      assertThat(here).as(String.join("/", path)).isNotNull();
    }
    return here;
  }

  @Test
  void theChannelsAreTheTopicsThatWeCreate() {
    Map<String, TopicSpec> topics = new LinkedHashMap<>();
    TopicLayout.of(Settings.defaults()).topics().forEach(it -> topics.put(it.name(), it));
    ((Map<?, ?>) at("channels"))
        .keySet()
        .forEach(
            channel -> {
              String address = (String) at("channels", (String) channel, "address");
              TopicSpec topic = topics.remove(address);
              assertThat(topic).as(address).isNotNull();
              Map<?, ?> kafka = (Map<?, ?>) at("channels", (String) channel, "bindings", "kafka");
              assertThat(kafka.get("topic")).isEqualTo(address);
              assertThat(kafka.get("partitions")).isEqualTo(topic.partitions());
              Map<String, String> configuration = new LinkedHashMap<>();
              ((Map<?, ?>) kafka.get("topicConfiguration"))
                  .forEach(
                      (key, value) ->
                          configuration.put(
                              (String) key, String.valueOf(value).replaceAll("[\\[\\]]", "")));
              assertThat(configuration).isEqualTo(topic.configs());
            });
    assertThat(topics).isEmpty();
  }

  @Test
  void thePayloadsAreOurSchemas() throws IOException {
    assertThat(payload("chunk")).isEqualTo(AvroCodec.chunk().schema());
    assertThat(payload("summary")).isEqualTo(AvroCodec.summary().schema());
  }

  private static Schema payload(String message) throws IOException {
    String reference = (String) at("components", "messages", message, "payload", "schema", "$ref");
    Path file = FILE.resolveSibling(reference).normalize();
    return new SchemaParser().parse(Files.readString(file)).mainSchema();
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    List<String> references = new ArrayList<>();
    collect(document, references);
    assertThat(references).hasSizeGreaterThan(15);
    for (String reference : references) {
      if (reference.startsWith("#/")) {
        at(reference.substring(2).split("/"));
      } else {
        assertThat(FILE.resolveSibling(reference)).exists();
      }
    }
  }

  private static void collect(Object node, List<String> references) {
    if (node instanceof Map<?, ?> map) {
      map.forEach(
          (key, value) -> {
            if (key.equals("$ref")) {
              references.add((String) value);
            }
            collect(value, references);
          });
    } else if (node instanceof List<?> list) {
      list.forEach(item -> collect(item, references));
    }
  }

  @Test
  void theHeadersOfASummaryAreThoseThatAreWritten() {
    RollingSummary summary =
        new RollingSummary(
            "t",
            0,
            1L,
            "",
            List.of(),
            List.of(),
            List.of(),
            new SequenceRange(0L, 0L),
            List.of(),
            false,
            false,
            null,
            null,
            0L,
            "m",
            "1");
    InboxEntry cause =
        new InboxEntry(
            "gistream.chunks",
            0,
            0L,
            0L,
            List.of(),
            ByteBuffer.allocate(0),
            ByteBuffer.allocate(0),
            null,
            false,
            false);
    assertHeaders("summaryHeaders", OutputHeaders.ofSummary(summary, cause, "m/1/x"));
    assertHeaders("summaryHeaders", OutputHeaders.ofSilence(summary, "m/1/x"));
  }

  @Test
  void theHeadersOfADeadLetterAreThoseThatAreWritten() {
    Headers written =
        OutputHeaders.ofDeadLetter(
            new RecordHeaders(), "t", 0, 1, new InvalidChunkException("why"));
    assertHeaders("deadLetterHeaders", written);
    assertThat(names("deadLetterHeaders", "properties"))
        .contains(
            DeadLetterRecord.OMITTED_VALUE,
            DeadLetterRecord.OMITTED_HEADERS,
            DeadLetterRecord.OMITTED_KEY);
  }

  private static void assertHeaders(String schema, Headers written) {
    Set<String> names = new TreeSet<>();
    for (Header header : written) {
      names.add(header.key());
    }
    assertThat(names).isEqualTo(names(schema, "required"));
    assertThat(names(schema, "properties")).containsAll(names);
  }

  private static Set<String> names(String schema, String part) {
    Object node = at("components", "schemas", schema, part);
    Set<String> names = new TreeSet<>();
    (node instanceof Map<?, ?> map ? map.keySet() : (List<?>) node)
        .forEach(name -> names.add((String) name));
    return names;
  }
}
