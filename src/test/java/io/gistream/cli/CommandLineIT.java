package io.gistream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gistream.cli.Launcher.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands through the launcher, as a user types them. */
class CommandLineIT {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String TALK =
      """
      Alice: Good morning everybody, let us talk about the new remote control.
      Bob: The marketing survey says that users want fewer buttons and a fancy look.
      Alice: Um, so, so we decided to use kinetic energy instead of a battery.
      Bob: The budget is twelve thousand euros, and the prototype is due on Friday.
      Alice: Yeah. Okay. Right.
      """;

  @TempDir private Path directory;

  @Test
  void theVersionIsTold() throws Exception {
    Result result = Launcher.run("--version");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).startsWith("gistream ");
  }

  @Test
  void aTranscriptFromStandardInputIsSummarised() throws Exception {
    Result result = Launcher.runWithInput(TALK, "summarize", "-", "--budget", "30");
    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    List<String> lines = result.out().lines().toList();
    assertThat(lines).isNotEmpty().allMatch(line -> line.startsWith("- ["));
    assertThat(result.out()).doesNotContain("Um,");
  }

  @Test
  void aSummaryAsJsonNamesItsSources() throws Exception {
    Path file = Files.writeString(directory.resolve("standup.txt"), TALK);
    Result result =
        Launcher.run("summarize", file.toString(), "--budget", "30", "--format", "json");
    assertThat(result.exitCode()).isZero();
    JsonNode summary = JSON.readTree(result.out());
    assertThat(summary.get("streamId").asText()).isEqualTo("standup");
    assertThat(summary.get("final").asBoolean()).isTrue();
    assertThat(summary.get("text").asText().split(" ")).hasSizeLessThanOrEqualTo(30);
    JsonNode source = summary.get("sentences").get(0).get("source");
    assertThat(source.get("sequences")).isNotEmpty();
    assertThat(source.get("speakers").get(0).asText()).isIn("Alice", "Bob");
  }

  @Test
  void aModelThatWritesSaysWhatItsSentencesRestOn() throws Exception {
    Path file = Files.writeString(directory.resolve("standup.txt"), TALK);
    Result result =
        Launcher.run(
            "summarize",
            file.toString(),
            "--model",
            "src/test/resources/models/tiny-bart",
            "--format",
            "json");
    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    JsonNode summary = JSON.readTree(result.out());
    assertThat(summary.get("modelName").asText()).isEqualTo("tiny-bart");
    assertThat(summary.get("sentences")).isNotEmpty();
    for (JsonNode sentence : summary.get("sentences")) {
      assertThat(sentence.get("origin").asText()).isIn("GENERATED", "REPLACED");
      assertThat(sentence.get("grounding").asDouble()).isEqualTo(1);
      assertThat(sentence.get("source").get("sequences")).isNotEmpty();
    }
  }

  @Test
  void theSameTranscriptGivesTheSameBytes() throws Exception {
    Result first = Launcher.runWithInput(TALK, "summarize", "-", "--format", "json");
    Result second = Launcher.runWithInput(TALK, "summarize", "-", "--format", "json");
    assertThat(second.out()).isEqualTo(first.out());
  }

  @Test
  void aMistypedOptionGetsASuggestion() throws Exception {
    Result result = Launcher.run("summarize", "x.txt", "--buget", "30");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("--buget").contains("did you mean").contains("--budget");
  }

  @Test
  void allWrongSettingsAreToldAtOnce() throws Exception {
    Result result =
        Launcher.run("run", "--set", "segment.min-token=5", "--set", "summary.budget-words=many");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .contains("segment.min-token")
        .contains("segment.min-tokens")
        .contains("summary.budget-words")
        .contains("many");
  }

  @Test
  void aMissingFileIsOneLine() throws Exception {
    Result result = Launcher.run("summarize", "no-such-file.vtt");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.err()).contains("no-such-file.vtt");
  }

  @Test
  void withoutABrokerRunSaysSoInOneLine() throws Exception {
    Result result = Launcher.run("topics", "--bootstrap-servers", "127.0.0.1:1");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.err()).contains("127.0.0.1:1");
  }

  @Test
  void aDamagedModelIsNamed() throws Exception {
    Result result = Launcher.runWithInput(TALK, "summarize", "-", "--model", directory.toString());
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("model.json").contains(directory.toString());
  }

  @Test
  void scoreComparesWithBaselinesInTheSameRun() throws Exception {
    Path set = directory.resolve("set.jsonl");
    Files.writeString(
        set,
        """
        {"id":"a","source_dataset":"invented","license":"none","segments":[{"index":0,"text":"The remote control will have fewer buttons.","speaker":"A"},{"index":1,"text":"Yes, the users asked for fewer buttons and a fancy look.","speaker":"B"},{"index":2,"text":"The budget is twelve thousand euros.","speaker":"A"}],"summary":"The remote control gets fewer buttons. The budget is twelve thousand euros."}
        """);
    Path predictions = directory.resolve("predictions.jsonl");
    Result result =
        Launcher.run(
            "score",
            set.toString(),
            "--memory",
            "none",
            "--predictions",
            predictions.toString(),
            "--format",
            "json");
    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    JsonNode scores = JSON.readTree(result.out()).get("sets").get("invented");
    assertThat(scores.get("documents").asInt()).isEqualTo(1);
    for (String method : List.of("gistream", "lead", "textrank")) {
      for (String rouge : List.of("rouge1", "rouge2", "rougeL")) {
        assertThat(scores.get(method).get(rouge).asDouble()).isBetween(0.0, 1.0);
      }
    }
    for (String metric :
        List.of(
            "r1Auc",
            "normalisedErasure",
            "redundancy",
            "groundingShare",
            "cpuSecondsPerTranscriptMinute")) {
      assertThat(scores.get(metric).isNumber()).as(metric).isTrue();
    }
    JsonNode prediction = JSON.readTree(Files.readString(predictions));
    assertThat(prediction.get("id").asText()).isEqualTo("a");
    assertThat(prediction.get("summary").asText()).isNotEmpty();
  }

  private static JsonNode bench(String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of("bench"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--model", "src/test/resources/models/tiny", "--format", "json"));
    Result result = Launcher.run(all.toArray(String[]::new));
    assertThat(result.exitCode()).as(result.err()).isZero();
    return JSON.readTree(result.out());
  }

  @Test
  void benchFlatPrintsRatios() throws Exception {
    JsonNode results = bench("flat", "--chunks", "210").get("results");
    assertThat(results.get(0).get("lateOverEarly").asDouble()).isPositive();
    assertThat(results.get(0).get("lateStateBytes").asInt()).isPositive();
    assertThat(results.get(1).get("timesGistream").asDouble()).isPositive();
  }

  @Test
  void benchRescanPrintsRatios() throws Exception {
    JsonNode results = bench("rescan", "--chunks", "60").get("results");
    assertThat(results.size()).isEqualTo(3);
    assertThat(results.get(0).get("timesGistream").asDouble()).isEqualTo(1);
    // sixty times a growing transcript is more than once each, however small the model
    assertThat(results.get(1).get("timesGistream").asDouble()).isPositive();
    assertThat(results.get(2).get("cpuSeconds").asDouble()).isPositive();
  }

  @Test
  void benchPipelineReadsTheSameBatchesTwice() throws Exception {
    JsonNode results = bench("pipeline", "--chunks", "40", "--streams", "8").get("results");
    assertThat(results.get(0).get("overModelAlone").asDouble()).isEqualTo(1);
    assertThat(results.get(1).get("overModelAlone").asDouble()).isPositive();
    assertThat(results.get(0).get("segmentsPerBatch"))
        .isEqualTo(results.get(1).get("segmentsPerBatch"));
  }

  @Test
  void benchBatchFillsBatches() throws Exception {
    JsonNode results = bench("batch", "--chunks", "64").get("results");
    assertThat(results.get(0).get("segmentsPerBatch").asDouble()).isEqualTo(1);
    assertThat(results.get(2).get("segmentsPerBatch").asDouble()).isGreaterThan(1);
    assertThat(results.get(3).get("overOne").asDouble()).isPositive();
  }

  @Test
  void benchInt8ComparesSpeedAndWhatComesOut() throws Exception {
    JsonNode results = bench("int8", "--rounds", "1").get("results");
    assertThat(results.get(0).get("overFp32").asDouble()).isEqualTo(1);
    assertThat(results.get(1).get("overFp32").asDouble()).isPositive();
    assertThat(results.get(3).get("meanCosine").asDouble()).isBetween(0.99, 0.9999999);
    assertThat(results.get(3).get("sameSentences").asDouble()).isBetween(0.5, 1.0);
  }

  @Test
  void benchLimitKnowsWhatItCounts() throws Exception {
    Result tiny = Launcher.run("bench", "limit", "--model", "src/test/resources/models/tiny");
    assertThat(tiny.exitCode()).isEqualTo(1);
    assertThat(tiny.err()).contains("limit counts the operations of an encoder that is 384 wide");
  }

  @Test
  void benchCatchUpComparesWithThePaceOfSpeech() throws Exception {
    JsonNode results = bench("catch-up", "--words", "1000", "--streams", "4").get("results");
    assertThat(results.get(0).get("timesRealTime").asDouble()).isEqualTo(1);
    assertThat(results.findValuesAsText("case"))
        .containsExactly(
            "as it was said",
            "a summary every chunk",
            "a summary every segment",
            "int8: as it was said",
            "int8: a summary every chunk",
            "int8: a summary every segment");
    assertThat(results.findValues("seconds")).allMatch(seconds -> seconds.asDouble() > 0);
  }

  @Test
  void benchStartGoesFromProcessToSummary() throws Exception {
    JsonNode results = bench("start", "--repeats", "1").get("results");
    assertThat(results.get(0).get("overBare").asDouble()).isEqualTo(1);
    double listening = results.get(2).get("seconds").asDouble();
    double ready = results.get(3).get("seconds").asDouble();
    double summary = results.get(4).get("seconds").asDouble();
    assertThat(listening).isPositive();
    assertThat(ready).isGreaterThan(listening); // of one process each, in this order
    assertThat(summary).isGreaterThan(ready);
  }

  @Test
  void benchTorchComparesWithWhatPythonFound() throws Exception {
    Path python = directory.resolve("python");
    // stands in for PyTorch: a run of it is measured in src/test/python
    Files.writeString(
        python,
        """
        #!/bin/sh
        if [ "$1" = -c ]; then echo 3.12; exit; fi
        [ "$3" = bench-torch ] && [ -f "$4/model.json" ] && grep -q '"talks"' "$5" || exit 9
        echo '{"torch": "none", "failed": {"compile": "no compiler"}, "cases": [
          {"load": 0, "mode": "eager", "split": false, "tokenLimit": 512, "seconds": [4, 2, 1], "salience": []},
          {"load": 0, "mode": "jit", "split": false, "tokenLimit": 512, "seconds": [1, 1, 1], "salience": []}]}' > "$6"
        """);
    assertThat(python.toFile().setExecutable(true)).isTrue();
    JsonNode all = bench("torch", "--segments", "64", "--python", python.toString());
    assertThat(all.get("setup").get("PyTorch compile").asText()).isEqualTo("failed: no compiler");
    JsonNode results = all.get("results");
    assertThat(results.findValuesAsText("case"))
        .containsExactly(
            "1 at a time: Gistream",
            "1 at a time: PyTorch eager",
            "1 at a time: PyTorch jit",
            "64 at a time: Gistream");
    assertThat(results.get(1).get("segmentsPerSecond").asDouble()).isEqualTo(32);
    assertThat(results.get(1).get("overTorch").asDouble()).isEqualTo(0.5);
    double gistream = results.get(0).get("segmentsPerSecond").asDouble();
    assertThat(results.get(0).get("overTorch").asDouble()).isEqualTo(gistream / 64);
    // fewer values than sentences are nothing to compare with
    assertThat(results.get(1).get("largestDifference").isNull()).isTrue();
  }

  @Test
  void benchTorchSaysWhatIsMissing() throws Exception {
    Result result =
        Launcher.run(
            "bench",
            "torch",
            "--model",
            "src/test/resources/models/tiny",
            "--python",
            "/no/python");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("'/no/python' cannot be run");
  }

  @Test
  void benchDecodeComparesWithWhatPythonWrote() throws Exception {
    Path python = directory.resolve("python");
    // stands in for transformers, with small packages: a run of it is measured in src/test/python
    Files.writeString(
        python,
        """
        #!/bin/sh
        if [ "$1" = -c ]; then echo 3.12; exit; fi
        case $3 in
          bench-decode-packages)
            [ "$5" = t5-small ] && [ $# = 5 ] || exit 9
            mkdir -p "$4" && cp -r src/test/resources/models/tiny-t5 "$4/t5-small" ;;
          bench-decode)
            grep -q '"newTokens":4,' "$5" && grep -q '"beams":4,"segments"' "$5" || exit 9
            echo '{"torch": "none", "transformers": "none", "cases": [
              {"split": false, "seconds": [4, 2, 1], "tokens": [[5, 6, 7, 8]]},
              {"split": true, "seconds": [1], "tokens": []},
              {"split": false, "seconds": [1], "tokens": [[5, 6, 7, 8]]},
              {"split": false, "seconds": [1], "tokens": []}]}' > "$6" ;;
        esac
        """);
    assertThat(python.toFile().setExecutable(true)).isTrue();
    JsonNode all =
        bench(
            "decode",
            "--shapes",
            "t5-small",
            "--new-tokens",
            "4",
            "--repeats",
            "1",
            "--python",
            python.toString());
    assertThat(all.get("setup").get("t5-small, 1 beam, 16 at a time").asText())
        .endsWith("generate: each thread with a share of the streams");
    JsonNode results = all.get("results");
    assertThat(results.findValuesAsText("case"))
        .containsExactly(
            "t5-small, 1 beam, 1 at a time",
            "t5-small, 1 beam, 16 at a time",
            "t5-small, 4 beams, 1 at a time",
            "t5-small, 4 beams, 16 at a time",
            "int8: t5-small, 1 beam, 1 at a time",
            "int8: t5-small, 1 beam, 16 at a time",
            "int8: t5-small, 4 beams, 1 at a time",
            "int8: t5-small, 4 beams, 16 at a time");
    JsonNode first = results.get(0);
    assertThat(first.get("generateTokensPerSecond").asDouble()).isEqualTo(2);
    assertThat(first.get("overGenerate").asDouble())
        .isEqualTo(first.get("tokensPerSecond").asDouble() / 2);
    assertThat(first.get("sameTokens").asDouble()).isZero();
    // nothing was written there
    assertThat(results.get(1).get("overGenerate").isNull()).isTrue();
    assertThat(results.get(4).get("generateTokensPerSecond").asDouble()).isEqualTo(2);
  }

  @Test
  void benchDecodeSaysWhatIsMissing() throws Exception {
    Result result = Launcher.run("bench", "decode", "--python", "/no/python");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("'/no/python' cannot be run");
    Result unknown = Launcher.run("bench", "decode", "--shapes", "t5-huge");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("no shape 't5-huge'", "bart-base, t5-small");
    for (String name : List.of("limit", "int8")) {
      Result elsewhere = Launcher.run("bench", name, "--set", "model.provider=cuda");
      assertThat(elsewhere.exitCode()).as(name).isNotZero();
      assertThat(elsewhere.err()).as(name).contains("model.provider=c").doesNotContain("at io.");
    }
  }

  @Test
  void aBenchmarkThatWaitsForEachChunkSaysSo() throws Exception {
    Result result = Launcher.run("bench", "changelog", "--set", "summary.every=segment");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("leave summary.every=chunk");
  }

  @Test
  void benchAllRunsThoseAskedFor() throws Exception {
    JsonNode results = bench("all", "--only", "rescan,int8");
    assertThat(results.findValuesAsText("benchmark")).containsExactly("rescan", "int8");
    Result unknown = Launcher.run("bench", "all", "--only", "fast");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("no benchmark is called 'fast'", "rescan");
  }
}
