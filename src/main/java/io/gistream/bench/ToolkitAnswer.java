package io.gistream.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.stream.StreamSupport;

/** What the Python toolkit found when it was asked to measure. */
final class ToolkitAnswer {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private ToolkitAnswer() {}

  /**
   * @throws IllegalStateException when it is not JSON
   */
  static JsonNode parse(String answer) {
    try {
      return JSON.readTree(answer);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the toolkit wrote something that is no JSON", e);
    }
  }

  /** The numbers of an array. */
  static double[] numbers(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(JsonNode::asDouble)
        .toArray();
  }
}
