package io.gistream.stream;

import io.gistream.avro.RollingSummary;
import io.gistream.serde.AvroCodec;
import io.gistream.serde.ValueFormat;
import io.gistream.stream.StreamOptions.TopicNames;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;

/** Chunks topic, summarizer, and the two topics behind it. */
public final class GistreamTopology {
  private GistreamTopology() {}

  /** With summaries in Avro single-object encoding. */
  public static Topology build(TopicNames topics, RollingSummarizerSupplier summarizer) {
    return build(topics, summarizer, AvroCodec.summary());
  }

  /** With summaries in a format; that of the chunks is the summarizer's. */
  public static Topology build(
      TopicNames topics,
      RollingSummarizerSupplier summarizer,
      ValueFormat<RollingSummary> summaryFormat) {
    StreamsBuilder builder = new StreamsBuilder();
    KStream<byte[], Emission> emissions =
        builder.stream(
                topics.chunks(),
                Consumed.with(Serdes.ByteArray(), Serdes.ByteArray())
                    .withTimestampExtractor(GistreamTopology::timestamp)
                    .withName("chunks"))
            .process(summarizer, Named.as("summarize"));
    summaries(emissions, "summary")
        .to(
            topics.summaries(),
            Produced.with(Serdes.ByteArray(), summaryFormat.serde()).withName("summaries"));
    deadLetters(emissions, "dead-letter")
        .to(
            topics.deadLetters(),
            Produced.with(Serdes.ByteArray(), Serdes.ByteArray()).withName("dead-letters"));
    return builder.build();
  }

  private static long timestamp(ConsumerRecord<Object, Object> record, long partitionTime) {
    return ChunkIntake.eventTime(record.timestamp(), partitionTime);
  }

  /**
   * The summaries among what a summarizer sends on, and null for a stream that was erased.
   *
   * @param name prefix for the names of the two nodes
   */
  public static KStream<byte[], RollingSummary> summaries(
      KStream<byte[], Emission> emissions, String name) {
    return emissions
        .filter(
            (key, emission) -> !(emission instanceof Emission.DeadLetter), Named.as(name + "-only"))
        .mapValues(GistreamTopology::summary, Named.as(name + "-value"));
  }

  @SuppressWarnings("NullAway") // a tombstone
  private static RollingSummary summary(Emission emission) {
    return emission instanceof Emission.Summary revised ? revised.summary() : null;
  }

  /**
   * The dead letters among what a summarizer sends on, as the records they were.
   *
   * @param name prefix for the names of the two nodes
   */
  public static KStream<byte[], byte[]> deadLetters(
      KStream<byte[], Emission> emissions, String name) {
    return emissions
        .filter(
            (key, emission) -> emission instanceof Emission.DeadLetter, Named.as(name + "-only"))
        .map(
            (key, emission) -> KeyValue.pair(key, ((Emission.DeadLetter) emission).value()),
            Named.as(name + "-value"));
  }
}
