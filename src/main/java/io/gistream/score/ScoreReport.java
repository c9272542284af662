package io.gistream.score;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run of {@link Scorer} found: means over the documents of each data set, in the order in
 * which the data sets first came. {@code docs/score.md} describes the JSON.
 */
public final class ScoreReport {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Budget budget;
  private final List<SetScore> sets;

  /** The report on these documents. */
  public ScoreReport(Budget budget, List<DocumentScore> scores) {
    this.budget = budget;
    var bySet = new LinkedHashMap<String, List<DocumentScore>>();
    for (var score : scores) {
      bySet.computeIfAbsent(score.sourceDataset(), name -> new ArrayList<>()).add(score);
    }
    sets = bySet.entrySet().stream().map(set -> SetScore.of(set.getKey(), set.getValue())).toList();
  }

  /** The data sets, in the order in which they first came. */
  public List<SetScore> sets() {
    return sets;
  }

  /**
   * The report as one JSON object, indented, with a line feed at its end. ROUGE and shares are 0 to
   * 1; a value that no document has is null.
   *
   * @param model what was scored: names and values, in the order to be written
   * @param machine what it ran on, likewise
   */
  public String toJson(Map<String, ?> model, Map<String, ?> machine) {
    var json = JSON.createObjectNode();
    var all = json.putObject("sets");
    sets.forEach(set -> write(set, all.putObject(set.name())));
    json.set("model", JSON.valueToTree(model));
    json.set("machine", JSON.valueToTree(machine));
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A tree can always be written", e);
    }
  }

  private void write(SetScore set, ObjectNode json) {
    json.put("documents", set.documents());
    json.put("budget", budget.toString());
    put(json, "budgetWords", set.budgetWords());
    put(json, "transcriptWords", set.words());
    put(json, "transcriptMinutes", set.minutes());
    set.rouge()
        .forEach(
            (method, rouge) -> {
              var ofMethod = json.putObject(method.toString());
              put(ofMethod, "rouge1", rouge.rouge1().f1());
              put(ofMethod, "rouge2", rouge.rouge2().f1());
              put(ofMethod, "rougeL", rouge.rougeL().f1());
              put(ofMethod, "words", set.summaryWords().getOrDefault(method, Double.NaN));
              var precision = ofMethod.putObject("precision");
              put(precision, "rouge1", rouge.rouge1().precision());
              put(precision, "rouge2", rouge.rouge2().precision());
              put(precision, "rougeL", rouge.rougeL().precision());
              var recall = ofMethod.putObject("recall");
              put(recall, "rouge1", rouge.rouge1().recall());
              put(recall, "rouge2", rouge.rouge2().recall());
              put(recall, "rougeL", rouge.rougeL().recall());
            });
    writeRatios(set, json.putObject("ratios"));
    var online = set.online();
    put(json, "r1Auc", online.r1Auc());
    put(json, "normalisedErasure", online.normalisedErasure());
    put(json, "normalisedErasureConfirmed", online.normalisedErasureConfirmed());
    put(json, "redundancy", online.redundancy());
    put(json, "groundingShare", online.groundingShare());
    put(json, "expectedLatencyWords", online.expectedLatencyWords());
    put(json, "expectedLatencySeconds", online.expectedLatencySeconds());
    put(json, "cpuSecondsPerTranscriptMinute", set.cpuSecondsPerTranscriptMinute());
  }

  private static void writeRatios(SetScore set, ObjectNode json) {
    var system = set.rouge().get(Method.GISTREAM);
    if (system == null) {
      return;
    }
    set.rouge()
        .forEach(
            (method, rouge) -> {
              if (method != Method.GISTREAM) {
                var ratios = json.putObject(method.toString());
                put(ratios, "rouge1", system.rouge1().f1() / rouge.rouge1().f1());
                put(ratios, "rouge2", system.rouge2().f1() / rouge.rouge2().f1());
                put(ratios, "rougeL", system.rougeL().f1() / rouge.rougeL().f1());
              }
            });
  }

  /** Six decimals say all there is to say; what is not a number is null. */
  private static void put(ObjectNode json, String name, double value) {
    if (Double.isFinite(value)) {
      json.put(name, Math.round(value * 1e6) / 1e6);
    } else {
      json.putNull(name);
    }
  }

  /** The report as tables for people, ROUGE F1 and shares in hundredths. */
  public String toText() {
    var rouge =
        new TextTable("set", "documents", "method", "ROUGE-1", "ROUGE-2", "ROUGE-L", "words", "of");
    var online =
        new TextTable(
            "set",
            "R1-AUC",
            "erasure",
            "confirmed",
            "redundancy",
            "grounded",
            "latency words",
            "latency s",
            "CPU s/min");
    sets.forEach(
        set -> {
          addRouge(rouge, set);
          addOnline(online, set);
        });
    return rouge.toText() + "\n" + online.toText();
  }

  private static void addRouge(TextTable table, SetScore set) {
    boolean[] first = {true};
    set.rouge()
        .forEach(
            (method, rouge) -> {
              table.row(
                  first[0] ? set.name() : "",
                  first[0] ? Integer.toString(set.documents()) : "",
                  method.toString(),
                  percent(rouge.rouge1().f1()),
                  percent(rouge.rouge2().f1()),
                  percent(rouge.rougeL().f1()),
                  decimals(0, set.summaryWords().get(method)),
                  decimals(0, set.budgetWords()));
              first[0] = false;
            });
  }

  private static void addOnline(TextTable table, SetScore set) {
    var online = set.online();
    table.row(
        set.name(),
        percent(online.r1Auc()),
        decimals(2, online.normalisedErasure()),
        decimals(2, online.normalisedErasureConfirmed()),
        percent(online.redundancy()),
        percent(online.groundingShare()),
        decimals(0, online.expectedLatencyWords()),
        decimals(0, online.expectedLatencySeconds()),
        decimals(2, set.cpuSecondsPerTranscriptMinute()));
  }

  private static String percent(double value) {
    return decimals(1, 100 * value);
  }

  private static String decimals(int digits, @Nullable Double value) {
    return value == null || !Double.isFinite(value)
        ? "-"
        : String.format(Locale.ROOT, "%." + digits + "f", value);
  }
}
