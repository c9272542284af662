package io.gistream.deploy;

import static io.gistream.deploy.YamlFiles.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import io.gistream.config.GistreamOptions;
import io.gistream.config.HttpSettings;
import io.gistream.config.Settings;
import io.gistream.stream.InternalTopics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

  /** With keys, unless the values say otherwise. */
  private static Map<String, Map<String, Object>> render(String... values) {
    TemplateCommand command =
        new Helm(CHART)
            .template()
            .withName("talks")
            .withNamespace("prod")
            .set("kafka.bootstrapServers", "kafka:9092")
            .set("http.keysSecret", "gistream-keys");
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
    Settings settings =
        settings("settings.summary\\.budget-words=80", "staticMembership.sessionTimeout=90s");
    assertThat(settings.get(GistreamOptions.SUMMARY_BUDGET_WORDS)).isEqualTo(80);
    assertThat(settings.get(GistreamOptions.BOOTSTRAP_SERVERS)).isEqualTo("kafka:9092");
    assertThat(settings.kafka()).containsEntry("main.consumer.session.timeout.ms", "90000");
  }

  private Settings settings(String... values) throws IOException {
    Path file = directory.resolve("gistream.properties");
    Files.writeString(
        file,
        (String) at(render(values), "ConfigMap/talks-gistream", "data", "gistream.properties"));
    return Settings.load(List.of(), Map.of(), file);
  }

  @Test
  void itIsSaidWhoMayAsk() throws IOException {
    assertThat(settings().get(HttpSettings.KEYS_FILE)).contains(Path.of("/etc/gistream-keys/keys"));
    assertThat(settings().get(HttpSettings.AUTH)).isEqualTo(HttpSettings.Auth.AUTO);
    Settings everybody = settings("http.keysSecret=", "http.auth=none");
    assertThat(everybody.get(HttpSettings.AUTH)).isEqualTo(HttpSettings.Auth.NONE);
    assertThat(everybody.get(HttpSettings.KEYS_FILE)).isEmpty();
    Settings tokens =
        settings(
            "http.keysSecret=",
            "settings.http\\.auth\\.jwks=https://id.example.org/keys",
            "settings.http\\.auth\\.issuer=https://id.example.org",
            "settings.http\\.auth\\.audience=gistream");
    assertThat(tokens.get(HttpSettings.JWKS)).isEqualTo("https://id.example.org/keys");
  }

  @Test
  void theInstancesAloneSeeTheKeys() {
    var all = render();
    Object pod = at(all, "StatefulSet/talks-gistream", "spec", "template", "spec");
    assertThat(YamlFiles.list(at(pod, "volumes")))
        .filteredOn(volume -> at(volume, "name").equals("keys"))
        .singleElement()
        .satisfies(
            volume -> assertThat(at(volume, "secret", "secretName")).isEqualTo("gistream-keys"));
    assertThat(at(pod, "containers", 0, "volumeMounts"))
        .asInstanceOf(LIST)
        .contains(Map.of("name", "keys", "mountPath", "/etc/gistream-keys", "readOnly", true));
    assertThat(at(all, "Job/talks-gistream-topics").toString()).doesNotContain("gistream-keys");
    assertThat(
            at(render("http.keysSecret=", "http.auth=none"), "StatefulSet/talks-gistream")
                .toString())
        .doesNotContain("gistream-keys");
  }

  @Test
  void eachPodSaysWhereTheOthersReachIt() throws IOException {
    var all = render();
    Object spec = at(all, "StatefulSet/talks-gistream", "spec");
    assertThat(at(spec, "serviceName")).isEqualTo("talks-gistream-pods");
    assertThat(all).containsKey("Service/talks-gistream-pods");
    List<?> variables = YamlFiles.list(at(spec, "template", "spec", "containers", 0, "env"));
    List<Object> names = new ArrayList<>();
    variables.forEach(variable -> names.add(at(variable, "name")));
    assertThat(names)
        .as("a variable may name those before it")
        .containsSubsequence("POD_NAME", "GISTREAM_HTTP_ADVERTISED");
    String value = (String) at(variables.get(names.indexOf("GISTREAM_HTTP_ADVERTISED")), "value");
    assertThat(value).isEqualTo("$(POD_NAME).talks-gistream-pods.prod.svc:8080");
    Settings.load(
        List.of("http.advertised=" + value.replace("$(POD_NAME)", "talks-gistream-0")),
        Map.of(),
        null);
    assertThat(at(all, "Job/talks-gistream-topics").toString()).doesNotContain("ADVERTISED");
  }

  @Test
  void prometheusShowsItsKey() {
    var endpoint = new Object[] {"ServiceMonitor/talks-gistream", "spec", "endpoints", 0};
    Object withKey =
        at(
            render("serviceMonitor.enabled=true", "serviceMonitor.keySecret.name=scraper"),
            endpoint);
    assertThat(at(withKey, "authorization"))
        .isEqualTo(
            Map.of("type", "Bearer", "credentials", Map.of("name", "scraper", "key", "key")));
    Object without =
        at(render("serviceMonitor.enabled=true", "http.keysSecret=", "http.auth=none"), endpoint);
    assertThat(YamlFiles.map(without)).doesNotContainKey("authorization");
  }

  @Test
  void prometheusFindsEachPodOnce() {
    var all = render("serviceMonitor.enabled=true", "serviceMonitor.keySecret.name=scraper");
    Map<String, Object> wanted =
        YamlFiles.map(at(all, "ServiceMonitor/talks-gistream", "spec", "selector", "matchLabels"));
    List<String> found =
        all.entrySet().stream()
            .filter(resource -> resource.getKey().startsWith("Service/"))
            .filter(
                resource ->
                    YamlFiles.map(at(resource.getValue(), "metadata", "labels"))
                        .entrySet()
                        .containsAll(wanted.entrySet()))
            .map(Map.Entry::getKey)
            .toList();
    assertThat(found).containsExactly("Service/talks-gistream");
    assertThat(at(all, found.get(0), "spec", "ports", 0, "name"))
        .isEqualTo(at(all, "ServiceMonitor/talks-gistream", "spec", "endpoints", 0, "port"));
  }

  private static List<Object> schemes(Map<String, Map<String, Object>> all) {
    Object container =
        at(all, "StatefulSet/talks-gistream", "spec", "template", "spec", "containers", 0);
    List<Object> schemes = new ArrayList<>();
    for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
      schemes.add(at(container, probe, "httpGet", "scheme"));
    }
    schemes.add(at(all, "ServiceMonitor/talks-gistream", "spec", "endpoints", 0, "scheme"));
    return schemes;
  }

  @Test
  void whoAsksSpeaksTlsWhenTheServiceDoes() throws IOException {
    var scraped =
        new String[] {"serviceMonitor.enabled=true", "serviceMonitor.keySecret.name=scraper"};
    var plain = render(scraped);
    assertThat(schemes(plain)).containsExactly("HTTP", "HTTP", "HTTP", "http");
    assertThat(YamlFiles.map(at(plain, "ServiceMonitor/talks-gistream", "spec", "endpoints", 0)))
        .doesNotContainKey("tlsConfig");
    assertThat(settings(scraped).get(HttpSettings.TLS_CERTIFICATE)).isEmpty();

    var secured =
        new String[] {
          "serviceMonitor.enabled=true",
          "serviceMonitor.keySecret.name=scraper",
          "serviceMonitor.tlsConfig.ca.secret.name=talks-tls",
          "serviceMonitor.tlsConfig.ca.secret.key=ca.crt",
          "http.tls.secret=talks-tls"
        };
    var tls = render(secured);
    assertThat(schemes(tls)).containsExactly("HTTPS", "HTTPS", "HTTPS", "https");
    assertThat(at(tls, "ServiceMonitor/talks-gistream", "spec", "endpoints", 0, "tlsConfig"))
        .isEqualTo(
            Map.of(
                "ca",
                Map.of("secret", Map.of("name", "talks-tls", "key", "ca.crt")),
                "serverName",
                "talks-gistream.prod.svc"));
    Settings settings = settings(secured);
    Object pod = at(tls, "StatefulSet/talks-gistream", "spec", "template", "spec");
    Object volume =
        YamlFiles.list(at(pod, "volumes")).stream()
            .filter(it -> at(it, "name").equals("tls"))
            .findFirst()
            .orElseThrow();
    assertThat(at(volume, "secret", "secretName")).isEqualTo("talks-tls");
    assertThat(at(pod, "containers", 0, "volumeMounts"))
        .asInstanceOf(LIST)
        .contains(Map.of("name", "tls", "mountPath", "/etc/gistream-tls", "readOnly", true));
    List<Path> files = new ArrayList<>();
    for (Object item : YamlFiles.list(at(volume, "secret", "items"))) {
      files.add(Path.of("/etc/gistream-tls", (String) at(item, "path")));
    }
    assertThat(files)
        .containsExactly(
            settings.get(HttpSettings.TLS_CERTIFICATE).orElseThrow(),
            settings.get(HttpSettings.TLS_KEY).orElseThrow());
    assertThat(at(tls, "Job/talks-gistream-topics").toString()).doesNotContain("talks-tls");
  }

  @Test
  void aCertificateThatIsMountedByHandIsTlsToo() {
    var tls =
        render(
            "serviceMonitor.enabled=true",
            "serviceMonitor.keySecret.name=scraper",
            "serviceMonitor.tlsConfig.serverName=talks.example.org",
            "settings.http\\.tls\\.certificate=/csi/cert.pem",
            "settings.http\\.tls\\.key=/csi/key.pem");
    assertThat(schemes(tls)).containsExactly("HTTPS", "HTTPS", "HTTPS", "https");
    assertThat(at(tls, "ServiceMonitor/talks-gistream", "spec", "endpoints", 0, "tlsConfig"))
        .isEqualTo(Map.of("serverName", "talks.example.org"));
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
    assertThat(mounts)
        .containsExactly("/etc/gistream", "/etc/gistream-keys", "/tmp", "/var/lib/gistream");
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
            "serviceMonitor.keySecret.name=scraper",
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
    assertFails("http.keysSecret is empty", "http.keysSecret=");
    assertFails("http.auth is none, but there are keys", "http.auth=none");
    assertFails("serviceMonitor.keySecret.name is empty", "serviceMonitor.enabled=true");
    assertFails("settings has http.auth,", "settings.http\\.auth=none");
    assertFails("settings has http.port", "settings.http\\.port=9000");
    assertFails("readable in a ConfigMap", "settings.kafka\\.sasl\\.jaas\\.config=x");
    assertFails(
        "http.tls.secret is set, and settings",
        "http.tls.secret=talks-tls",
        "settings.http\\.tls\\.certificate=/csi/cert.pem");
    assertFails(
        "extraEnv has GISTREAM_HTTP_TLS_KEY",
        "extraEnv[0].name=GISTREAM_HTTP_TLS_KEY",
        "extraEnv[0].value=/csi/key.pem");
    assertFails(
        "serviceMonitor.tlsConfig without TLS", "serviceMonitor.tlsConfig.serverName=talks");
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
    assertFails("auth", "http.auth=nobody");
    assertFails("keys", "http.keys=x");
    assertFails("certificate", "http.tls.certificate=x");
    assertFails("caFile", "http.tls.secret=x", "serviceMonitor.tlsConfig.caFile=x");
    assertFails("minVersion", "http.tls.secret=x", "serviceMonitor.tlsConfig.minVersion=SSL3");
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
