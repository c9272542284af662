package io.gistream.deploy;

import static io.gistream.deploy.YamlFiles.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import io.gistream.config.GistreamOptions;
import io.gistream.config.Settings;
import io.gistream.stream.InternalTopics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The chart as Helm renders it: Helm itself, as a library. */
class HelmChartTest {
  private static final Path CHART = Path.of("deploy/helm/gistream");

  @TempDir private Path directory;

  @BeforeAll
  static void needsHelm() {
    assumeTrue(
        System.getProperty("os.name").equals("Linux")
            && System.getProperty("os.arch").equals("amd64"),
        "Helm's library is there for Linux on amd64 alone");
  }

  private static Map<String, Map<String, Object>> render(String... values) {
    TemplateCommand command =
        new Helm(CHART)
            .template()
            .withName("talks")
            .withNamespace("prod")
            .set("kafka.bootstrapServers", "kafka:9092");
    for (String value : values) {
      int equals = value.indexOf('=');
      command.set(value.substring(0, equals), value.substring(equals + 1));
    }
    Map<String, Map<String, Object>> resources = new LinkedHashMap<>();
    for (Map<String, Object> resource : YamlFiles.documents(command.call())) {
      String name = (String) at(resource, "metadata", "name");
      assertThat(name).hasSizeLessThan(64);
      // the name of a job ends with a digest of what it is made from
      resources.put(resource.get("kind") + "/" + name.replaceFirst("-[0-9a-f]{8}$", ""), resource);
      assertThat(resource).containsKeys("apiVersion", "kind", "metadata");
    }
    return resources;
  }

  @Test
  void lintFindsNothing() {
    var result = new Helm(CHART).lint().call();
    assertThat(result.isFailed()).as(result.getMessages().toString()).isFalse();
  }

  @Test
  void byDefaultThereIsWhatAServiceNeeds() {
    assertThat(render().keySet())
        .containsExactlyInAnyOrder(
            "ConfigMap/talks-gistream",
            "StatefulSet/talks-gistream",
            "Service/talks-gistream",
            "Service/talks-gistream-pods",
            "ServiceAccount/talks-gistream",
            "PodDisruptionBudget/talks-gistream",
            "Job/talks-gistream-topics");
  }

  @Test
  void theSettingsAreOnesThatGistreamTakes() throws IOException {
    var config =
        render("settings.summary\\.budget-words=80", "staticMembership.sessionTimeout=90s");
    Path file = directory.resolve("gistream.properties");
    Files.writeString(
        file, (String) at(config, "ConfigMap/talks-gistream", "data", "gistream.properties"));
    Settings settings = Settings.load(List.of(), Map.of(), file);
    assertThat(settings.get(GistreamOptions.SUMMARY_BUDGET_WORDS)).isEqualTo(80);
    assertThat(settings.get(GistreamOptions.BOOTSTRAP_SERVERS)).isEqualTo("kafka:9092");
    assertThat(settings.kafka()).containsEntry("main.consumer.session.timeout.ms", "90000");
  }

  @Test
  void thePodIsLockedUp() {
    Object pod = at(render(), "StatefulSet/talks-gistream", "spec", "template", "spec");
    assertThat(at(pod, "securityContext", "runAsNonRoot")).isEqualTo(true);
    Object container = at(pod, "containers", 0);
    assertThat(at(container, "securityContext", "readOnlyRootFilesystem")).isEqualTo(true);
    assertThat(at(container, "securityContext", "allowPrivilegeEscalation")).isEqualTo(false);
    assertThat(at(container, "securityContext", "capabilities", "drop")).isEqualTo(List.of("ALL"));
    assertThat(at(pod, "automountServiceAccountToken")).isEqualTo(false);
    assertThat(at(container, "args"))
        .isEqualTo(List.of("run", "--config", "/etc/gistream/gistream.properties"));
    var mounts = new TreeSet<String>();
    for (Object mount : YamlFiles.list(at(container, "volumeMounts"))) {
      mounts.add((String) at(mount, "mountPath"));
    }
    assertThat(mounts).containsExactly("/etc/gistream", "/tmp", "/var/lib/gistream");
  }

  @Test
  void membersKeepTheirPlaceByTheNameOfTheirPod() {
    assertThat(String.valueOf(at(render(), "StatefulSet/talks-gistream")))
        .contains("GISTREAM_KAFKA_MAIN_CONSUMER_GROUP_INSTANCE_ID")
        .contains("metadata.name");
    assertThat(render("staticMembership.enabled=false").toString())
        .doesNotContain("GROUP_INSTANCE_ID", "session.timeout");
  }

  @Test
  void everythingThatCanBeAskedForIsThere() {
    var all =
        render(
            "keda.enabled=true",
            "networkPolicy.enabled=true",
            "serviceMonitor.enabled=true",
            "jobs.replay.enabled=true",
            "jobs.replay.toTopic=again",
            "persistence.storageClass=fast",
            "secretEnv[0]=kafka-credentials",
            "imagePullSecrets[0]=pull");
    assertThat(all.keySet())
        .contains(
            "ScaledObject/talks-gistream",
            "NetworkPolicy/talks-gistream",
            "ServiceMonitor/talks-gistream",
            "Job/talks-gistream-replay");
    assertThat(YamlFiles.map(at(all, "StatefulSet/talks-gistream", "spec")))
        .as("KEDA says how many")
        .doesNotContainKey("replicas");
    Object trigger = at(all, "ScaledObject/talks-gistream", "spec", "triggers", 0, "metadata");
    assertThat(at(trigger, "consumerGroup")).isEqualTo("gistream");
    assertThat(at(trigger, "topic")).isEqualTo("gistream.chunks");
    assertThat(at(all, "Job/talks-gistream-replay").toString()).contains("--to, again");
    assertThat(render("replicaCount=0", "jobs.reset.enabled=true"))
        .containsKey("Job/talks-gistream-reset");
  }

  @Test
  void whatGoesWrongLaterIsSaidNow() {
    assertFails("kafka.bootstrapServers is empty", "kafka.bootstrapServers=");
    assertFails("replicaCount is 9", "replicaCount=9");
    assertFails("keda.maxReplicas is 7", "keda.enabled=true", "keda.maxReplicas=7");
    assertFails(
        "keda.minReplicas", "keda.enabled=true", "keda.minReplicas=5", "keda.maxReplicas=4");
    assertFails("settings has http.port", "settings.http\\.port=9000");
    assertFails("readable in a ConfigMap", "settings.kafka\\.sasl\\.jaas\\.config=x");
    assertFails("jobs.replay.toTopic", "jobs.replay.enabled=true");
    assertFails(
        "topic of the service",
        "jobs.replay.enabled=true",
        "jobs.replay.toTopic=gistream.summaries");
    assertFails("while instances run", "jobs.reset.enabled=true");
  }

  @Test
  void theSchemaKnowsEveryValue() {
    assertFails("replicas", "replicas=3");
    assertFails("replicaCount", "replicaCount=many");
    assertFails("size", "persistence.size=big");
    assertFails("terminationGracePeriodSeconds", "terminationGracePeriodSeconds=5");
    assertFails("bootstrap", "kafka.bootstrap=x");
  }

  private static void assertFails(String why, String... values) {
    assertThatThrownBy(() -> render(values)).hasMessageContaining(why);
  }

  @Test
  void theAccessListNamesTheTopicsThatTheServiceUses() throws IOException {
    List<String> named =
        YamlFiles.list(
                at(
                    YamlFiles.documents(Path.of("deploy/strimzi/user.yaml")).get(0),
                    "spec",
                    "authorization",
                    "acls"))
            .stream()
            .filter(acl -> at(acl, "resource", "type").equals("topic"))
            .map(acl -> (String) at(acl, "resource", "name"))
            .toList();
    Settings settings = Settings.defaults();
    var used = new TreeSet<>(InternalTopics.of(settings.get(GistreamOptions.APPLICATION_ID)));
    used.add(settings.get(GistreamOptions.TOPICS_CHUNKS));
    used.add(settings.get(GistreamOptions.TOPICS_SUMMARIES));
    used.add(settings.get(GistreamOptions.TOPICS_DEAD_LETTERS));
    assertThat(new TreeSet<>(named)).isEqualTo(used);
  }
}
