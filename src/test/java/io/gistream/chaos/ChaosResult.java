package io.gistream.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.gistream.chaos.Message.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What came of a run, as a table for people and JSON for others. */
record ChaosResult(Map<String, Object> values, List<String> differences) {
  static ChaosResult of(
      ChaosOptions options,
      List<Fault> plan,
      Feeder feeder,
      ProcessorFleet processors,
      Recovery recovery,
      Checks checks,
      Duration took)
      throws IOException {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("seed", options.seed());
    values.put(
        "model", options.model().map(Path::getFileName).map(Path::toString).orElse("bundled"));
    values.put("cores", Runtime.getRuntime().availableProcessors());
    values.put("minutes", Math.round(took.toSeconds() / 6.0) / 10.0);
    values.put("streams", options.streams());
    values.put("partitions", ChaosOptions.PARTITIONS);
    values.put("standby replicas", options.standbyReplicas());
    values.put("faults", plan.size());
    Map<String, Long> faults = new TreeMap<>();
    plan.forEach(fault -> faults.merge(fault.kind().name(), 1L, Long::sum));
    values.put("faults by kind", faults);
    values.put("records in", checks.count("chunks"));
    Map<Kind, Integer> sent = feeder.sent();
    values.put("records in by kind", new TreeMap<>(sent));
    values.put("summaries", checks.count("summaries"));
    values.put("tombstones of erased streams", checks.count("tombstones"));
    values.put("dead letters", checks.count("dead letters"));
    for (String kind :
        List.of(
            Checks.DIFFERENCE,
            "summaries missing or not looked at",
            "talk without a final summary")) {
      values.put(kind, checks.count(kind));
    }
    values.put("dead letters of chunks too late", checks.count("chunks too late"));
    values.put("dead letters missing", checks.count("dead letter missing"));
    values.put("dead letters twice", checks.count("dead letter twice"));
    values.put("dead letters not expected", checks.count("dead letter not expected"));
    values.put("dead letters that differ", checks.count("dead letter differs"));
    values.put("offsets not at the end", checks.count("offset"));
    values.put("transactions left open", checks.count("transaction left open"));
    values.put("partitions not stable", checks.count("not stable"));
    values.put("state of erased streams", checks.count("state of an erased stream"));
    values.put("state left over", checks.count("state left over"));
    List<Duration> times = recovery.times();
    values.put("faults recovered from", times.size());
    values.put("median seconds to recover", seconds(times, times.size() / 2));
    values.put("most seconds to recover", seconds(times, times.size() - 1));
    values.put("processors that ended by themselves", processors.endedByThemselves());
    values.put("processors that stopped too slowly", processors.stoppedTooSlowly());
    values.put(
        "times a processor found itself cast out",
        processors.countInLogs("lost due to missed rebalance")
            + processors.countInLogs("Detected that the thread is being fenced"));
    values.put(
        "stream threads replaced",
        processors.countInLogs("A stream thread failed and is replaced"));
    return new ChaosResult(values, checks.differences());
  }

  private static double seconds(List<Duration> times, int index) {
    return times.isEmpty() ? 0 : Math.round(times.get(index).toMillis() / 100.0) / 10.0;
  }

  String table() {
    StringBuilder table = new StringBuilder("| | |\n| --- | --- |\n");
    values.forEach((name, value) -> table.append("| %s | %s |\n".formatted(name, text(value))));
    differences.forEach(difference -> table.append("\n* ").append(difference));
    return table.toString();
  }

  private static String text(Object value) {
    return value instanceof Map<?, ?> map
        ? map.entrySet().stream()
            .map(entry -> entry.getValue() + " " + entry.getKey())
            .reduce((a, b) -> a + ", " + b)
            .orElse("")
        : value.toString();
  }

  void write(Path directory) throws IOException {
    Map<String, Object> all = new LinkedHashMap<>(values);
    all.put("differences", differences);
    new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(directory.resolve("result.json").toFile(), all);
    Files.writeString(directory.resolve("result.md"), table());
  }
}
