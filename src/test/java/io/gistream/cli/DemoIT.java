package io.gistream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gistream.cli.Launcher.Result;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The README's first command: broker, processor and a real meeting in one process. */
@Timeout(300)
class DemoIT {
  @TempDir private Path directory;

  @Test
  void theMeetingGoesByAndItsSummaryGrowsToTheFinalOne() throws Exception {
    Result result = Launcher.run("demo", "--speed", "0", "--set", "http.port=0");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).contains("Maria Silva: ").containsPattern("(?m)^\\+ \\d\\d:\\d\\d");
    assertThat(result.out()).containsPattern("Final summary after \\d+ revisions");
    String last = result.out().substring(result.out().indexOf("Final summary"));
    assertThat(last.lines().skip(1)).isNotEmpty().allMatch(line -> line.startsWith("- ["));
  }

  @Test
  void keptRunningItAnswersOverHttpUntilItIsStopped() throws Exception {
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    Process demo =
        Launcher.command("demo", "--speed", "0", "--keep-running", "--set", "http.port=0")
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      String address = addressOf(demo, out, err);
      assertThat(get(address + "/health/liveness").statusCode()).isEqualTo(200);
      assertThat(get(address + "/health/readiness").statusCode()).isEqualTo(200);
      assertThat(get(address + "/prometheus").body()).contains("kafka_stream");
      JsonNode streams = JsonMapper.builder().build().readTree(get(address + "/v1/streams").body());
      assertThat(streams.toString()).contains("glamsterdam-repricings-8");
      String summary = get(address + "/v1/streams/glamsterdam-repricings-8/summary").body();
      assertThat(summary).contains("\"final\"").contains("sentences");
      assertThat(get(address + "/v1/streams/unknown/summary").statusCode()).isEqualTo(404);
    } finally {
      demo.destroy();
      boolean ended = demo.waitFor(60, TimeUnit.SECONDS);
      demo.destroyForcibly();
      assertThat(ended).as("ends when told to").isTrue();
    }
  }

  private static String addressOf(Process demo, Path out, Path err) throws Exception {
    Pattern pattern = Pattern.compile("curl (http://[^/]+)/");
    while (demo.isAlive()) {
      Matcher matcher = pattern.matcher(Files.readString(out));
      if (matcher.find()) {
        return matcher.group(1);
      }
      Thread.sleep(100);
    }
    throw new AssertionError("the demo ended: " + Files.readString(err));
  }

  private static HttpResponse<String> get(String address) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(address)).timeout(Duration.ofSeconds(20)).build(),
            HttpResponse.BodyHandlers.ofString());
  }
}
