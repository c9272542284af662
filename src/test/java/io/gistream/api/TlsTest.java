package io.gistream.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
  @TempDir Path directory;

  private static String pem(String type, byte[] content) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(
            type, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content), type);
  }

  /** A certificate of its own, made by the tool that comes with every JDK. */
  private void makeCertificate() throws Exception {
    Path store = directory.resolve("store.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "a",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit",
                "-validity",
                "30")
            .inheritIO()
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
    Key key = keys.getKey("a", "changeit".toCharArray());
    Files.writeString(directory.resolve("key.pem"), pem("PRIVATE KEY", key.getEncoded()));
    Files.writeString(
        directory.resolve("cert.pem"), pem("CERTIFICATE", keys.getCertificate("a").getEncoded()));
  }

  @Test
  void itSpeaksTlsWithTheCertificateAndNothingElse() throws Exception {
    makeCertificate();
    try (TestServer server =
        new TestServer(
            "http.tls.certificate=" + directory.resolve("cert.pem"),
            "http.tls.key=" + directory.resolve("key.pem"))) {
      server.streams.put("talk", "We ship.");
      URI uri = URI.create("https://localhost:" + server.port() + "/v1/streams/talk/summary");
      HttpClient trusting =
          HttpClient.newBuilder().sslContext(PeerTrust.of(directory.resolve("cert.pem"))).build();
      HttpResponse<String> response =
          trusting.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("Strict-Transport-Security")).isPresent();
      assertThat(response.sslSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.3");
      assertThatThrownBy(
              () ->
                  HttpClient.newHttpClient()
                      .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()))
          .isInstanceOf(IOException.class);
      assertThatThrownBy(() -> server.get("/v1/streams")).isInstanceOf(IOException.class);
    }
  }
}
