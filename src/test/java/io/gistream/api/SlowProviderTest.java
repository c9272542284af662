package io.gistream.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An OpenID provider that takes its time to say its keys. */
@Timeout(120)
class SlowProviderTest {
  /** More than the server has threads that serve connections. */
  private static final int REQUESTS = 4 * Runtime.getRuntime().availableProcessors();

  @TempDir Path directory;

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch answer = new CountDownLatch(1);
  private final ExecutorService workers = Executors.newCachedThreadPool();
  private SSLSocketFactory before;
  private HttpsServer provider;
  private ECKey key;

  @BeforeEach
  void startProvider() throws Exception {
    key = new ECKeyGenerator(Curve.P_256).keyID("one").generate();
    TestCertificate certificate = TestCertificate.make(directory);
    before = HttpsURLConnection.getDefaultSSLSocketFactory();
    HttpsURLConnection.setDefaultSSLSocketFactory(
        PeerTrust.of(certificate.certificate()).getSocketFactory());
    provider = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    provider.setHttpsConfigurator(new HttpsConfigurator(certificate.server()));
    provider.setExecutor(workers);
    provider.createContext("/jwks", this::sayKeys);
    provider.start();
  }

  @AfterEach
  void stopProvider() {
    answer.countDown();
    provider.stop(0);
    workers.shutdown();
    HttpsURLConnection.setDefaultSSLSocketFactory(before);
  }

  private void sayKeys(HttpExchange exchange) throws IOException {
    asked.countDown();
    try (exchange) {
      answer.await();
      byte[] keys = new JWKSet(key.toPublicJWK()).toString().getBytes(UTF_8);
      exchange.sendResponseHeaders(200, keys.length);
      exchange.getResponseBody().write(keys);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String token(String role) throws Exception {
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("one").build(),
            new JWTClaimsSet.Builder()
                .issuer("https://id.example")
                .audience("gistream")
                .subject("ada")
                .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                .claim("gistream_roles", List.of(role))
                .build());
    jwt.sign(new ECDSASigner(key));
    return jwt.serialize();
  }

  @Test
  void whileTokensWaitForItOthersAreAnswered() throws Exception {
    try (TestServer server =
        new TestServer(
            "http.auth.jwks=https://127.0.0.1:" + provider.getAddress().getPort() + "/jwks",
            "http.auth.issuer=https://id.example",
            "http.auth.audience=gistream")) {
      HttpRequest withToken =
          HttpRequest.newBuilder(server.uri("/v1/streams"))
              .header("Authorization", "Bearer " + token("read"))
              .build();
      List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
      for (int i = 0; i < REQUESTS; i++) {
        waiting.add(server.client.sendAsync(withToken, BodyHandlers.ofString()));
      }
      asked.await();
      for (int i = 0; i < REQUESTS; i++) {
        // each on a connection of its own, so that every thread of the server is asked
        HttpClient other = HttpClient.newHttpClient();
        assertThat(status(other, server, "/health/liveness")).isEqualTo(200);
        assertThat(status(other, server, "/v1/streams")).as("no token at all").isEqualTo(401);
      }
      assertThat(waiting).noneMatch(CompletableFuture::isDone);

      answer.countDown();
      for (CompletableFuture<HttpResponse<String>> response : waiting) {
        assertThat(response.get().statusCode()).as(response.get().body()).isEqualTo(200);
      }
      HttpResponse<String> lacks =
          server.postJson(
              "/v1/streams/talk/chunks", "[]", "Authorization", "Bearer " + token("read"));
      assertThat(lacks.statusCode()).as("a refusal comes out as what it is").isEqualTo(403);
      assertThat(lacks.body()).contains("lacks the role write");
      assertThat(server.get("/v1/streams", "Authorization", "Bearer a.b.c").statusCode())
          .isEqualTo(401);
    }
  }

  private static int status(HttpClient client, TestServer server, String path) throws Exception {
    return client
        .send(HttpRequest.newBuilder(server.uri(path)).build(), BodyHandlers.discarding())
        .statusCode();
  }
}
