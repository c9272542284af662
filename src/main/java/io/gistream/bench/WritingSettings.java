package io.gistream.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How a package that writes is to do so in a case of a benchmark.
 *
 * @param beams 1 takes the best token each time, more is beam search
 * @param newTokens that each segment adds, neither more nor fewer; nothing of it is fed to the next
 */
record WritingSettings(int beams, int newTokens) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * Puts them into the manifest of a package, in place of what was there. All else stays; graphs
   * know nothing of them.
   */
  void into(Path directory) throws IOException {
    Path file = directory.resolve("model.json");
    ObjectNode manifest = (ObjectNode) JSON.readTree(Files.readString(file));
    ObjectNode generation = (ObjectNode) manifest.get("generation");
    generation.put("beams", beams);
    generation.put("newTokens", newTokens);
    generation.put("minTokens", newTokens);
    generation.put("prefixTokens", 0);
    Files.writeString(file, JSON.writeValueAsString(manifest));
  }
}
