package io.gistream.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gistream.avro.RollingSummary;
import io.gistream.avro.SummarySentence;
import io.gistream.kafka.CommittedRecords;
import io.gistream.score.Rouge;
import io.gistream.score.Words;
import io.gistream.serde.ValueFormat;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * How the latest summaries of two topics differ, stream by stream: what another model or another
 * configuration makes of the same talks.
 *
 * @param onlyLeft ids of the streams that the second topic does not have
 * @param onlyRight ids of the streams that the first topic does not have
 * @param equal streams whose text is the same on both
 * @param meanRouge1 of the streams that both have, 0 to 1; 1 when there is none
 * @param streams those that both have with different texts, the most different first
 */
public record TopicDiff(
    String leftTopic,
    String rightTopic,
    List<String> onlyLeft,
    List<String> onlyRight,
    long equal,
    double meanRouge1,
    List<StreamDiff> streams) {

  /**
   * What one topic says of a stream last.
   *
   * @param words of the summary
   */
  public record Side(
      int epoch, long revision, boolean isFinal, int words, int sentences, String model) {
    static Side of(RollingSummary summary) {
      return new Side(
          summary.getEpoch(),
          summary.getRevision(),
          summary.getFinal$(),
          Words.count(summary.getText()),
          summary.getSentences().size(),
          summary.getModelName() + "/" + summary.getModelVersion());
    }
  }

  /**
   * A stream that the topics say different things of.
   *
   * @param rouge1 F1 of the words that both have, 0 to 1
   * @param common sentences that both have
   */
  public record StreamDiff(
      String streamId,
      Side left,
      Side right,
      double rouge1,
      int common,
      List<String> onlyLeft,
      List<String> onlyRight) {}

  /** Reads both topics, of which only the latest summary of each stream is kept in memory. */
  public static TopicDiff between(
      CommittedRecords records,
      ValueFormat<RollingSummary> format,
      String leftTopic,
      String rightTopic) {
    return between(
        leftTopic,
        latest(records, format, leftTopic),
        rightTopic,
        latest(records, format, rightTopic));
  }

  static TopicDiff between(
      String leftTopic,
      Map<String, RollingSummary> left,
      String rightTopic,
      Map<String, RollingSummary> right) {
    List<StreamDiff> streams = new ArrayList<>();
    long equal = 0;
    long both = 0;
    double rouge = 0;
    for (Map.Entry<String, RollingSummary> entry : left.entrySet()) {
      @Nullable RollingSummary other = right.get(entry.getKey());
      if (other == null) {
        continue;
      }
      both++;
      StreamDiff diff = between(entry.getKey(), entry.getValue(), other);
      rouge += diff.rouge1();
      if (entry.getValue().getText().equals(other.getText())) {
        equal++;
      } else {
        streams.add(diff);
      }
    }
    streams.sort(
        java.util.Comparator.comparingDouble(StreamDiff::rouge1)
            .thenComparing(StreamDiff::streamId));
    return new TopicDiff(
        leftTopic,
        rightTopic,
        left.keySet().stream().filter(id -> !right.containsKey(id)).toList(),
        right.keySet().stream().filter(id -> !left.containsKey(id)).toList(),
        equal,
        both == 0 ? 1 : rouge / both,
        streams);
  }

  private static StreamDiff between(String streamId, RollingSummary left, RollingSummary right) {
    Set<String> first = texts(left);
    Set<String> second = texts(right);
    double rouge =
        left.getText().equals(right.getText())
            ? 1 // two empty summaries too
            : Rouge.against(left.getText()).rouge1(right.getText()).f1();
    return new StreamDiff(
        streamId,
        Side.of(left),
        Side.of(right),
        rouge,
        (int) first.stream().filter(second::contains).count(),
        first.stream().filter(text -> !second.contains(text)).toList(),
        second.stream().filter(text -> !first.contains(text)).toList());
  }

  private static Set<String> texts(RollingSummary summary) {
    Set<String> texts = new LinkedHashSet<>();
    for (SummarySentence sentence : summary.getSentences()) {
      texts.add(sentence.getText());
    }
    return texts;
  }

  private static Map<String, RollingSummary> latest(
      CommittedRecords records, ValueFormat<RollingSummary> format, String topic) {
    Map<String, RollingSummary> latest = new TreeMap<>();
    List<TopicPartition> partitions = records.partitions(topic);
    Map<TopicPartition, Long> from = records.beginnings(partitions);
    Map<TopicPartition, Long> to = records.ends(partitions);
    for (TopicPartition partition : partitions) {
      records.read(
          partition,
          from.getOrDefault(partition, 0L),
          to.getOrDefault(partition, 0L),
          record -> {
            String streamId = record.key() == null ? "" : new String(record.key(), UTF_8);
            if (record.value() == null) {
              latest.remove(streamId);
            } else {
              latest.put(streamId, format.decode(record.value()));
            }
          });
    }
    return latest;
  }
}
