package io.gistream.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gistream.avro.RollingSummary;
import io.gistream.avro.SequenceRange;
import io.gistream.avro.SummarySentence;
import java.util.List;

/** A summary as JSON: the fields of {@code RollingSummary.avsc} under the same names. */
final class SummaryJson {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private SummaryJson() {}

  /** Indented, for people. */
  static String pretty(RollingSummary summary) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(tree(summary));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }

  /** On one line. */
  static String line(RollingSummary summary) {
    return tree(summary).toString();
  }

  private static ObjectNode tree(RollingSummary summary) {
    ObjectNode json = JSON.createObjectNode();
    json.put("streamId", summary.getStreamId());
    json.put("epoch", summary.getEpoch());
    json.put("revision", summary.getRevision());
    json.put("text", summary.getText());
    ArrayNode sentences = json.putArray("sentences");
    for (SummarySentence sentence : summary.getSentences()) {
      ObjectNode item = sentences.addObject();
      item.put("id", sentence.getId());
      item.put("text", sentence.getText());
      item.put("salience", sentence.getSalience());
      item.put("grounding", sentence.getGrounding());
      ObjectNode source = item.putObject("source");
      source.set("sequences", JSON.valueToTree(sentence.getSource().getSequences()));
      source.put("startMillis", sentence.getSource().getStartMillis());
      source.put("endMillis", sentence.getSource().getEndMillis());
      source.set("speakers", JSON.valueToTree(sentence.getSource().getSpeakers()));
    }
    json.set("added", JSON.valueToTree(summary.getAdded()));
    json.set("removed", JSON.valueToTree(summary.getRemoved()));
    json.set(
        "covered", summary.getCovered() == null ? JSON.nullNode() : range(summary.getCovered()));
    ArrayNode gaps = json.putArray("gaps");
    List<SequenceRange> ranges = summary.getGaps();
    ranges.forEach(gap -> gaps.add(range(gap)));
    json.put("provisional", summary.getProvisional());
    json.put("final", summary.getFinal$());
    json.put("startMillis", summary.getStartMillis());
    json.put("endMillis", summary.getEndMillis());
    json.put("wordsHeard", summary.getWordsHeard());
    json.put("modelName", summary.getModelName());
    json.put("modelVersion", summary.getModelVersion());
    return json;
  }

  private static ObjectNode range(SequenceRange range) {
    return JSON.createObjectNode().put("first", range.getFirst()).put("last", range.getLast());
  }
}
