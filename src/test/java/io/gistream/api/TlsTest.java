package io.gistream.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
  @TempDir Path directory;

  @Test
  void itSpeaksTlsWithTheCertificateAndNothingElse() throws Exception {
    TestCertificate certificate = TestCertificate.make(directory);
    try (TestServer server =
        new TestServer(
            "http.tls.certificate=" + certificate.certificate(),
            "http.tls.key=" + certificate.key())) {
      server.streams.put("talk", "We ship.");
      URI uri = URI.create("https://localhost:" + server.port() + "/v1/streams/talk/summary");
      HttpClient trusting =
          HttpClient.newBuilder().sslContext(PeerTrust.of(certificate.certificate())).build();
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

  @Test
  void theImagesHealthCheckAsksInTheWayTheServiceSpeaks() throws Exception {
    assumeTrue(Files.exists(Path.of("/bin/bash")) && isThere("openssl"), "as the image has them");
    Map<String, String> tls = Map.of("GISTREAM_HTTP_TLS_CERTIFICATE", "any");
    int port;
    try (TestServer server = new TestServer()) {
      port = server.port();
      assertThat(healthCheck(port, Map.of())).isZero();
      assertThat(healthCheck(port, tls)).isNotZero();
      server.streams.threadDead = true;
      assertThat(healthCheck(port, Map.of())).as("it is not well").isNotZero();
    }
    assertThat(healthCheck(port, Map.of())).as("nobody listens").isNotZero();
    TestCertificate certificate = TestCertificate.make(directory);
    try (TestServer server =
        new TestServer(
            "http.tls.certificate=" + certificate.certificate(),
            "http.tls.key=" + certificate.key())) {
      port = server.port();
      assertThat(healthCheck(port, tls)).isZero();
      assertThat(healthCheck(port, Map.of())).isNotZero();
      server.streams.threadDead = true;
      assertThat(healthCheck(port, tls)).as("it is not well").isNotZero();
    }
    assertThat(healthCheck(port, tls)).as("nobody listens").isNotZero();
  }

  private static boolean isThere(String program) throws Exception {
    return new ProcessBuilder("/bin/bash", "-c", "command -v " + program)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }

  private static int healthCheck(int port, Map<String, String> environment) throws Exception {
    ProcessBuilder check =
        new ProcessBuilder("docker/healthcheck")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    check.environment().keySet().removeIf(name -> name.startsWith("GISTREAM_"));
    check.environment().put("GISTREAM_HTTP_PORT", String.valueOf(port));
    check.environment().putAll(environment);
    return check.start().waitFor();
  }
}
