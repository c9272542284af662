package io.gistream.embedding;

import io.gistream.model.SummaryModel;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;

/** The broadcaster's application as a process, configured as {@code docs/embedding.md} says. */
final class SubtitleService {
  private SubtitleService() {}

  /**
   * Runs until it is killed.
   *
   * @param args bootstrap servers, state directory
   */
  public static void main(String[] args) throws InterruptedException {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, "broadcaster");
    config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, args[0]);
    config.put(StreamsConfig.STATE_DIR_CONFIG, args[1]);
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    config.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
    config.put(StreamsConfig.POLL_MS_CONFIG, 10);
    config.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), 5 << 20);
    // the broker notices that it was killed sooner than after its 45 s
    config.put(StreamsConfig.consumerPrefix("session.timeout.ms"), 6_000);
    try (SummaryModel model = SummaryModel.bundled();
        KafkaStreams streams = new KafkaStreams(SubtitleSummaries.topology(model), config)) {
      streams.start();
      new CountDownLatch(1).await();
    }
  }
}
