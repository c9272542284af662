package io.gistream.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * What the Python toolkit made of a transcript with a package that writes; see {@code
 * docs/model-package.md}.
 *
 * @param runs number of beams -> what each segment added
 * @param memoryAfter number of segments folded -> state tensor -> values
 */
record WriterGoldens(
    String modelSha256,
    List<Said> segments,
    Map<Integer, List<Added>> runs,
    Map<Integer, Map<String, float[]>> memoryAfter) {

  @SuppressWarnings("ArrayRecordComponent") // only read
  record Said(List<String> sentences, long[] tokens) {}

  @SuppressWarnings("ArrayRecordComponent") // only read
  record Added(int[] tokens, String text, double meanLogProbability) {}

  static WriterGoldens of(String model) {
    try (InputStream in = WriterGoldens.class.getResourceAsStream("/goldens/" + model + ".json")) {
      JsonNode root = new ObjectMapper().readTree(Objects.requireNonNull(in));
      List<Said> segments = new ArrayList<>();
      for (JsonNode segment : root.get("segments")) {
        List<String> sentences = new ArrayList<>();
        segment.get("sentences").forEach(sentence -> sentences.add(sentence.textValue()));
        segments.add(new Said(sentences, ints(segment.get("tokens")).mapToLong(i -> i).toArray()));
      }
      Map<Integer, List<Added>> runs = new HashMap<>();
      for (JsonNode run : root.get("runs")) {
        List<Added> added = new ArrayList<>();
        for (JsonNode segment : run.get("segments")) {
          added.add(
              new Added(
                  ints(segment.get("written")).toArray(),
                  segment.get("text").textValue(),
                  segment.get("meanLogProbability").doubleValue()));
        }
        runs.put(run.get("beams").intValue(), added);
      }
      return new WriterGoldens(
          root.get("modelSha256").textValue(), segments, runs, Goldens.memories(root));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static IntStream ints(JsonNode array) {
    IntStream.Builder ints = IntStream.builder();
    array.forEach(each -> ints.add(each.intValue()));
    return ints.build();
  }
}
