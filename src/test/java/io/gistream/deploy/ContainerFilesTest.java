package io.gistream.deploy;

import static io.gistream.deploy.YamlFiles.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gistream.config.HttpSettings;
import io.gistream.config.Settings;
import io.gistream.config.SettingsException;
import io.gistream.kafka.TopicLayout;
import io.gistream.kafka.TopicSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Dockerfile, compose file and Strimzi's topics, as far as they can be read without an engine. */
class ContainerFilesTest {
  private static String dockerfile() throws IOException {
    return Files.readString(Path.of("docker/Dockerfile"))
        .replaceAll("(?m)^#.*\n", "")
        .replaceAll("\\\\\n\\s*", " ");
  }

  private static List<String> instructions(String name) throws IOException {
    return dockerfile()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .map(line -> line.substring(name.length() + 1))
        .toList();
  }

  @Test
  void everyFileThatIsCopiedIsThereAndNotIgnored() throws IOException {
    List<String> context = Files.readAllLines(Path.of(".dockerignore"));
    for (String copy : instructions("COPY")) {
      if (copy.startsWith("--from=")) {
        continue;
      }
      String[] parts = copy.split(" ");
      for (int i = 0; i < parts.length - 1; i++) {
        assertThat(Path.of(parts[i])).exists();
        assertThat(context).contains("!" + parts[i]);
      }
    }
  }

  @Test
  void theImageRunsAsNobodyWithTheGlibcThatTheLibrariesNeed() throws IOException {
    List<String> from = instructions("FROM");
    assertThat(from).allMatch(image -> !image.contains("alpine") && !image.contains("latest"));
    assertThat(instructions("USER")).containsExactly("10001:10001");
    assertThat(instructions("ENTRYPOINT")).containsExactly("[\"/opt/gistream/gistream\"]");
    assertThat(instructions("HEALTHCHECK")).hasSize(1);
    assertThat(Files.isExecutable(Path.of("docker/healthcheck"))).isTrue();
  }

  private static Map<String, String> imageEnvironment() throws IOException {
    Map<String, String> environment = new LinkedHashMap<>();
    Matcher variable = Pattern.compile("(\\w+)=(\\S+)").matcher(instructions("ENV").get(0));
    while (variable.find()) {
      environment.put(variable.group(1), variable.group(2));
    }
    assertThat(environment).containsKey("GISTREAM_STATE_DIR");
    return environment;
  }

  private static Settings inTheImage(Map<String, String> given) throws IOException {
    Map<String, String> environment = imageEnvironment();
    environment.putAll(given);
    return Settings.load(List.of(), environment, null); // throws at what it does not know
  }

  @Test
  void itsEnvironmentIsOneThatGistreamTakesOnceItIsSaidWhoMayAsk() throws IOException {
    Settings keys = inTheImage(Map.of("GISTREAM_HTTP_AUTH_KEYS_FILE", "/var/lib/gistream/keys"));
    assertThat(keys.get(HttpSettings.KEYS_FILE)).contains(Path.of("/var/lib/gistream/keys"));
    assertThat(keys.get(HttpSettings.HOST)).isEqualTo("0.0.0.0");
    Settings everybody = inTheImage(Map.of("GISTREAM_HTTP_AUTH", "none"));
    assertThat(everybody.get(HttpSettings.AUTH)).isEqualTo(HttpSettings.Auth.NONE);
  }

  @Test
  void itDoesNotStartWhenNobodySaysWhoMayAsk() {
    SettingsException refused =
        catchThrowableOfType(SettingsException.class, () -> inTheImage(Map.of()));
    assertThat(refused.errors()).singleElement().asString().contains("api-key create", "http.auth");
  }

  @Test
  void theComposeFileNamesFilesSettingsAndServicesThatThereAre() throws IOException {
    Map<String, String> image = imageEnvironment();
    Map<String, Object> compose = YamlFiles.documents(Path.of("docker/compose.yaml")).get(0);
    Map<String, Object> services = YamlFiles.map(at(compose, "services"));
    assertThat(services.keySet())
        .contains("kafka", "registry", "gistream", "prometheus", "grafana");
    services.forEach(
        (name, service) -> {
          assertThat((String) at(service, "image")).doesNotEndWith(":latest");
          Map<String, Object> fields = YamlFiles.map(service);
          for (Object volume : YamlFiles.list(fields.getOrDefault("volumes", List.of()))) {
            String source = String.valueOf(volume).split(":")[0];
            if (source.startsWith(".")) {
              assertThat(Path.of("docker").resolve(source)).exists();
            } else {
              assertThat(YamlFiles.map(at(compose, "volumes"))).containsKey(source);
            }
          }
          if (fields.get("depends_on") instanceof Map<?, ?> others) {
            others.keySet().forEach(other -> assertThat(services).containsKey((String) other));
          }
          if (at(service, "image").equals("gistream")) {
            Map<String, String> environment = new TreeMap<>(image);
            YamlFiles.map(at(service, "environment"))
                .forEach((key, value) -> environment.put(key, String.valueOf(value)));
            Settings.load(List.of(), environment, null);
          }
        });
    assertThat(at(services, "gistream", "environment", "GISTREAM_HTTP_AUTH")).isEqualTo("none");
    assertThat(YamlFiles.list(at(services, "gistream", "ports")))
        .as("without keys, for this machine alone")
        .allSatisfy(port -> assertThat((String) port).startsWith("127.0.0.1:"));
    assertThat(at(services, "gistream", "read_only")).isEqualTo(true);
    for (String file :
        List.of("prometheus.yaml", "grafana/datasource.yaml", "grafana/dashboards.yaml")) {
      assertThat(YamlFiles.documents(Path.of("docker", file))).hasSize(1);
    }
  }

  @Test
  void strimzisTopicsAreThoseThatWeCreate() throws IOException {
    Map<String, Map<String, Object>> theirs = new TreeMap<>();
    for (Map<String, Object> topic : YamlFiles.documents(Path.of("deploy/strimzi/topics.yaml"))) {
      theirs.put((String) at(topic, "metadata", "name"), YamlFiles.map(at(topic, "spec")));
    }
    for (TopicSpec ours : TopicLayout.of(Settings.defaults()).topics()) {
      Map<String, Object> spec = theirs.remove(ours.name());
      assertThat(spec).as(ours.name()).isNotNull();
      assertThat(at(spec, "partitions")).isEqualTo(ours.partitions());
      ours.configs()
          .forEach(
              (key, value) ->
                  assertThat(String.valueOf(at(spec, "config", key)))
                      .as(ours.name() + " " + key)
                      .isEqualTo(value));
    }
    assertThat(theirs).isEmpty();
  }
}
