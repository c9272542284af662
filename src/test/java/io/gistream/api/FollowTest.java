package io.gistream.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client of the documentation works as it stands there. */
class FollowTest {
  @Test
  @Timeout(value = 180, unit = TimeUnit.SECONDS)
  void theExampleClientPrintsWhatHappens() throws Exception {
    try (TestServer server = new TestServer()) {
      server.streams.put("the talk", "We ship.");
      server.topics.summarise(FakeStreams.summary("the talk", "We ship."));
      Process client =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "docs/clients/Follow.java",
                  "http://127.0.0.1:" + server.port(),
                  "the talk")
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      try (BufferedReader out =
          new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8))) {
        assertThat(out.readLine()).startsWith("summary {").contains("We ship.");
        assertThat(out.readLine()).startsWith("memory {");
        server.topics.say("the talk", 0, "So we ship on Friday.");
        assertThat(out.readLine()).startsWith("chunk {").contains("Friday");
      } finally {
        client.destroyForcibly().waitFor();
      }
    }
  }
}
