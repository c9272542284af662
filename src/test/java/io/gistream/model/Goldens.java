package io.gistream.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What the Python toolkit made of a transcript with a package; see {@code docs/model-package.md}.
 *
 * @param memoryAfter number of segments folded -> state tensor -> values
 */
record Goldens(
    String modelSha256, List<Step> segments, Map<Integer, Map<String, float[]>> memoryAfter) {

  /**
   * One segment.
   *
   * @param states sentence after sentence; empty where the file has none
   */
  @SuppressWarnings("ArrayRecordComponent") // only read
  record Step(
      List<String> sentences,
      List<long[]> tokens,
      float[] features,
      float[] states,
      float[] salience) {}

  static Goldens of(String model) {
    try (InputStream in = Goldens.class.getResourceAsStream("/goldens/" + model + ".json")) {
      JsonNode root = new ObjectMapper().readTree(Objects.requireNonNull(in));
      List<Step> segments = new ArrayList<>();
      root.get("segments").forEach(segment -> segments.add(step(segment)));
      return new Goldens(root.get("modelSha256").textValue(), segments, memories(root));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static Map<Integer, Map<String, float[]>> memories(JsonNode root) {
    Map<Integer, Map<String, float[]>> memories = new HashMap<>();
    JsonNode after = root.get("memoryAfterSegments");
    after
        .fieldNames()
        .forEachRemaining(
            folds -> {
              Map<String, float[]> tensors = new HashMap<>();
              JsonNode values = after.get(folds);
              values
                  .fieldNames()
                  .forEachRemaining(name -> tensors.put(name, floats(values.get(name))));
              memories.put(Integer.valueOf(folds), tensors);
            });
    return memories;
  }

  private static Step step(JsonNode segment) {
    List<String> sentences = new ArrayList<>();
    segment.get("sentences").forEach(sentence -> sentences.add(sentence.textValue()));
    List<long[]> tokens = new ArrayList<>();
    for (JsonNode row : segment.get("tokens")) {
      long[] ids = new long[row.size()];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = row.get(i).longValue();
      }
      tokens.add(ids);
    }
    return new Step(
        sentences,
        tokens,
        floats(segment.get("features")),
        segment.has("states") ? floats(segment.get("states")) : new float[0],
        floats(segment.get("salience")));
  }

  private static float[] floats(JsonNode base64) {
    byte[] bytes = Base64.getDecoder().decode(base64.textValue());
    float[] floats = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
    return floats;
  }
}
