package io.gistream.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gistream.config.RegistryOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked of a registry, and what becomes of its moods. */
class SchemaRegistryTest {
  private static final String SCHEMA = "\"string\"";

  private FakeRegistry fake;

  @BeforeEach
  void start() throws IOException {
    fake = new FakeRegistry();
  }

  @AfterEach
  void stop() {
    fake.close();
  }

  private SchemaRegistry registry(String... assignments) {
    return new SchemaRegistry(fake.options(assignments));
  }

  @Test
  void aSchemaIsRegisteredOnceAndAskedForOnce() {
    SchemaRegistry registry = registry();
    int id = registry.id("talks äö/1-value", SCHEMA);
    assertThat(registry.id("talks äö/1-value", SCHEMA)).isEqualTo(id);
    SchemaRegistry other = registry();
    for (SchemaRegistry either : List.of(registry, other, other)) {
      assertThat(either.schema(id)).isEqualTo(new RegisteredSchema(SCHEMA, List.of()));
    }
    assertThat(fake.subjects()).isEqualTo(Map.of("talks äö/1-value", List.of(id)));
    assertThat(fake.requests)
        .containsExactly(
            "POST /subjects/talks%20%C3%A4%C3%B6%2F1-value/versions", "GET /schemas/ids/" + id);
  }

  @Test
  void withoutAutoRegisterASchemaIsOnlyLookedUp() {
    SchemaRegistry registry = registry("schema-registry.auto-register=false");
    assertThatThrownBy(() -> registry.id("a-value", SCHEMA))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("subject a-value")
        .hasMessageContaining("gistream schema");
    assertThat(fake.subjects()).isEmpty();
    int id = fake.add("a-value", SCHEMA);
    assertThat(registry.id("a-value", SCHEMA)).isEqualTo(id);
    assertThatThrownBy(() -> registry.id("a-value", "\"int\""))
        .isInstanceOf(RegistryException.class);
  }

  @Test
  void subjectsHaveTheNamesThatOthersGiveThem() {
    assertThat(registry().subject("t", "io.x.Y")).isEqualTo("t-value");
    assertThat(registry("schema-registry.subject-naming=record").subject("t", "io.x.Y"))
        .isEqualTo("io.x.Y");
    assertThat(registry("schema-registry.subject-naming=topic-record").subject("t", "io.x.Y"))
        .isEqualTo("t-io.x.Y");
  }

  @Test
  void whatPassesIsWaitedFor() {
    fake.fail(503, FakeRegistry.CUT, 429, 500);
    assertThat(registry("schema-registry.patience=45s").id("a-value", SCHEMA)).isPositive();
    assertThat(fake.requests.size()).isGreaterThanOrEqualTo(5);
  }

  @Test
  void whatLastsIsNoAnswer() {
    fake.always(503);
    assertThatThrownBy(() -> registry().schema(1))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("503");
    fake.always(200);
    fake.close();
    assertThatThrownBy(() -> registry().schema(1)).isInstanceOf(RegistryException.class);
  }

  @Test
  void anotherAddressAnswersForOneThatDoesNot() {
    int id = fake.add("a-value", SCHEMA);
    SchemaRegistry registry =
        registry("schema-registry.url=http://localhost:1, " + fake.url() + "/");
    assertThat(registry.schema(id).text()).isEqualTo(SCHEMA);
  }

  @Test
  void anUnknownIdIsAskedForOnceInAWhile() {
    SchemaRegistry registry = registry();
    for (int i = 0; i < 100; i++) {
      assertThatThrownBy(() -> registry.schema(7)).isInstanceOf(UnknownSchemaException.class);
    }
    assertThat(fake.requests).hasSizeLessThan(50);
  }

  @Test
  void a404ThatIsNotTheRegistrysOwnSaysNothingAboutTheSchema() {
    fake.fail(404); // a proxy that has lost its way
    assertThatThrownBy(() -> registry().schema(1))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("as told");
  }

  @Test
  void referencesComeInTheOrderTheyAreReadIn() {
    JsonMapper json = JsonMapper.builder().build();
    fake.add("inner", "{\"type\":\"fixed\",\"name\":\"I\",\"size\":1}");
    ObjectNode middle = json.createObjectNode().put("schema", "{\"type\":\"middle\"}");
    middle.putArray("references").addObject().put("subject", "inner").put("version", 1);
    fake.add("middle", middle);
    ObjectNode outer = json.createObjectNode().put("schema", "{\"type\":\"outer\"}");
    var references = outer.putArray("references");
    references.addObject().put("subject", "middle").put("version", 1);
    references.addObject().put("subject", "inner").put("version", 1);
    int id = fake.add("outer", outer);
    assertThat(registry().schema(id).references())
        .containsExactly("{\"type\":\"fixed\",\"name\":\"I\",\"size\":1}", "{\"type\":\"middle\"}");
  }

  @Test
  void aSchemaOfAnotherLanguageIsUnknown() {
    ObjectNode protobuf =
        JsonMapper.builder().build().createObjectNode().put("schemaType", "PROTOBUF");
    int id = fake.add("p", protobuf.put("schema", "message A {}"));
    assertThatThrownBy(() -> registry().schema(id))
        .isInstanceOf(UnknownSchemaException.class)
        .hasMessageContaining("PROTOBUF");
  }

  @Test
  void theCredentialsAreSentAndNeverShown() {
    String credentials =
        Base64.getEncoder().encodeToString("me:pä:ss".getBytes(StandardCharsets.UTF_8));
    fake.require("Basic " + credentials);
    String[] user = {"schema-registry.user=me", "schema-registry.password=pä:ss"};
    assertThat(registry(user).id("a-value", SCHEMA)).isPositive();
    RegistryOptions wrong =
        fake.options("schema-registry.user=me", "schema-registry.password=geheim");
    assertThatThrownBy(() -> new SchemaRegistry(wrong).id("b-value", SCHEMA))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("401")
        .hasMessageNotContaining("geheim");
    assertThat(wrong.toString()).doesNotContain("geheim");
  }

  @Test
  void aServerThatIsNoRegistryIsCalledWhatItIs() throws IOException {
    fake.fail(302);
    assertThatThrownBy(() -> registry().schema(1))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("302");
  }

  @Test
  void tlsTrustsWhatTheFileSaysAndNobodyElse(@TempDir Path directory) throws Exception {
    Path store = directory.resolve("server.p12");
    keytool(
        "-genkeypair",
        "-alias",
        "server",
        "-keyalg",
        "EC",
        "-dname",
        "CN=localhost",
        "-ext",
        "san=dns:localhost",
        "-storetype",
        "PKCS12",
        "-keystore",
        store.toString());
    Path pem = directory.resolve("server.pem");
    keytool(
        "-exportcert",
        "-rfc",
        "-alias",
        "server",
        "-keystore",
        store.toString(),
        "-file",
        pem.toString());
    try (FakeRegistry secure = new FakeRegistry(serving(store))) {
      int id = secure.add("a-value", SCHEMA);
      for (String[] trust :
          List.of(
              new String[] {"schema-registry.trust=" + pem},
              new String[] {
                "schema-registry.trust=" + store, "schema-registry.trust-password=changeit"
              })) {
        assertThat(new SchemaRegistry(secure.options(trust)).schema(id).text()).isEqualTo(SCHEMA);
      }
      assertThatThrownBy(() -> new SchemaRegistry(secure.options()).schema(id))
          .isInstanceOf(RegistryException.class)
          .hasMessageContaining("does not answer");
    }
    assertThatThrownBy(
            () -> registry("schema-registry.trust=" + directory.resolve("missing.pem")).schema(1))
        .isInstanceOf(RegistryException.class)
        .hasMessageContaining("schema-registry.trust")
        .hasMessageContaining("missing.pem");
    Path garbage = Files.writeString(directory.resolve("garbage"), "-----BEGIN nothing");
    assertThatThrownBy(() -> registry("schema-registry.trust=" + garbage).schema(1))
        .isInstanceOf(RegistryException.class);
  }

  private static SSLContext serving(Path store) throws Exception {
    char[] password = "changeit".toCharArray();
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(KeyStore.getInstance(store.toFile(), password), password);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(keys.getKeyManagers(), null, null);
    return tls;
  }

  private static void keytool(String... arguments) throws Exception {
    List<String> command = new java.util.ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-storepass", "changeit", "-noprompt"));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor()).isZero();
  }
}
