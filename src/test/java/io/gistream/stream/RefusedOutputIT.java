package io.gistream.stream;

import static io.gistream.session.Talks.chunk;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.gistream.avro.RollingSummary;
import io.gistream.avro.TranscriptChunk;
import io.gistream.config.BatchOptions;
import io.gistream.config.SummaryOptions;
import io.gistream.kafka.CommittedRecords;
import io.gistream.kafka.EmbeddedBroker;
import io.gistream.kafka.TopicLayout;
import io.gistream.kafka.Topics;
import io.gistream.model.SummaryModel;
import io.gistream.serde.AvroCodec;
import io.gistream.session.Talks;
import io.gistream.stream.StreamOptions.TopicNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker that does not take what is written, in a transaction that holds more than that. */
@Timeout(240)
class RefusedOutputIT {
  @TempDir private Path directory;

  @Test
  void aSummaryThatItsTopicDoesNotTakeIsADeadLetterAndTheOthersAreWritten() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start();
        SummaryModel model = Talks.tinyModel();
        CommittedRecords records =
            CommittedRecords.connect(client(broker), Duration.ofSeconds(15))) {
      try (Topics topics = Topics.connect(client(broker), Duration.ofSeconds(15))) {
        topics.create(
            new TopicLayout(
                    "chunks", "summaries", "dead-letters", 1, 1, Duration.ofDays(1), 1 << 20)
                .topics());
      }
      StreamOptions options =
          new StreamOptions(
              "refused",
              broker.bootstrapServers(),
              new TopicNames("chunks", "summaries", "dead-letters"),
              1,
              0,
              1,
              directory,
              // one that is replaced keeps its place in the group for as long
              Map.of("session.timeout.ms", "6000", "producer.compression.type", "none"));
      try (GistreamStreams streams =
          new GistreamStreams(options, SummaryOptions.defaults(), BatchOptions.defaults(), model)) {
        streams.start(() -> {});
        assertThat(streams.awaitRunning(Duration.ofMinutes(1))).isTrue();
        send(broker, chunk("long", 0, "We ship the new release on Friday."));
        await(records, "summaries", 1);
        limit(broker, "summaries", 1_500); // as an operator may, at any time

        StringBuilder text = new StringBuilder();
        Talks.talk("long", 60, 1).forEach(it -> text.append(it.getText()).append(' '));
        TranscriptChunk tooMuch = chunk("long", 1, text.toString());
        send(broker, tooMuch);
        send(broker, chunk("short", 0, "The budget is twelve thousand euros."));
        await(records, "dead-letters", 1);
        send(broker, chunk("short", 1, "Maria will write the report."));
        await(records, "summaries", 3);

        ConsumerRecord<byte[], byte[]> letter = records(records, "dead-letters").get(0);
        assertThat(letter.key()).isEqualTo("long".getBytes(UTF_8));
        assertThat(letter.value()).isEqualTo(AvroCodec.chunk().encode(tooMuch));
        assertThat(new String(letter.headers().lastHeader("mine").value(), UTF_8))
            .isEqualTo("kept");
        assertThat(
                new String(letter.headers().lastHeader("__streams.errors.message").value(), UTF_8))
            .contains("the summaries topic does not take it");
        List<RollingSummary> written =
            records(records, "summaries").stream()
                .map(record -> AvroCodec.summary().decode(record.value()))
                .toList();
        assertThat(written)
            .extracting(RollingSummary::getStreamId)
            .containsExactly("long", "short", "short");
        assertThat(streams.anyThreadDead()).isFalse();
      }
    }
  }

  private static Map<String, Object> client(EmbeddedBroker broker) {
    return Map.of("bootstrap.servers", broker.bootstrapServers());
  }

  private static void limit(EmbeddedBroker broker, String topic, int bytes) throws Exception {
    ConfigEntry entry = new ConfigEntry("max.message.bytes", Integer.toString(bytes));
    try (Admin admin = Admin.create(client(broker))) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.TOPIC, topic),
                  List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
  }

  private static void send(EmbeddedBroker broker, TranscriptChunk chunk) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(client(broker), new ByteArraySerializer(), new ByteArraySerializer())) {
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>(
              "chunks", chunk.getStreamId().getBytes(UTF_8), AvroCodec.chunk().encode(chunk));
      record.headers().add("mine", "kept".getBytes(UTF_8));
      producer.send(record);
    }
  }

  private static void await(CommittedRecords records, String topic, int count)
      throws InterruptedException {
    while (records(records, topic).size() < count) {
      Thread.sleep(200); // the class has a timeout
    }
  }

  private static List<ConsumerRecord<byte[], byte[]>> records(
      CommittedRecords records, String topic) {
    List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
    records
        .ends(records.partitions(topic))
        .forEach((partition, end) -> records.read(partition, 0, end, found::add));
    return found;
  }
}
