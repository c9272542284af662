package io.gistream.embedding;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gistream.avro.ChunkStatus;
import io.gistream.avro.RollingSummary;
import io.gistream.avro.TranscriptChunk;
import io.gistream.model.SummaryModel;
import io.gistream.stream.ChunkDecoder;
import io.gistream.stream.Emission;
import io.gistream.stream.GistreamTopology;
import io.gistream.stream.RollingSummarizerSupplier;
import io.gistream.stream.StoreNames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.jspecify.annotations.Nullable;

/**
 * An application of a broadcaster: subtitles of channels come in as JSON of its own, rerun channels
 * are left out, summaries go out as lines of text for a ticker.
 */
final class SubtitleSummaries {
  private static final ObjectMapper JSON = new ObjectMapper();

  private SubtitleSummaries() {}

  /** Subtitles in, ticker lines out, in one topology and so in one transaction. */
  static Topology topology(SummaryModel model) {
    StreamsBuilder builder = new StreamsBuilder();
    // begin topology
    RollingSummarizerSupplier summarizer =
        RollingSummarizerSupplier.of(model)
            .withDecoder(new SubtitleDecoder())
            .withStores(StoreNames.withPrefix("subtitle-"));
    KStream<byte[], Emission> emissions =
        builder.stream("subtitles", Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
            .filter((channel, subtitle) -> !isRerun(channel), Named.as("no-reruns"))
            .process(summarizer, Named.as("summarize"));
    GistreamTopology.summaries(emissions, "summary")
        .map((channel, summary) -> ticker(channel, summary), Named.as("ticker-line"))
        .to("ticker", Produced.with(Serdes.String(), Serdes.String()).withName("ticker"));
    GistreamTopology.deadLetters(emissions, "rejected")
        .to(
            "subtitles-rejected",
            Produced.with(Serdes.ByteArray(), Serdes.ByteArray()).withName("rejected"));
    // end topology
    return builder.build();
  }

  private static boolean isRerun(byte @Nullable [] channel) {
    return channel != null && new String(channel, UTF_8).endsWith("+1");
  }

  private static KeyValue<String, @Nullable String> ticker(
      byte[] channel, @Nullable RollingSummary summary) {
    // null: the stream was erased, and its line is to go too
    return KeyValue.pair(new String(channel, UTF_8), summary == null ? null : summary.getText());
  }

  // begin decoder
  /** {@code {"no": 3, "line": "…", "from": 12.5, "to": 15.0, "last": false}}, keyed by channel. */
  private static final class SubtitleDecoder implements ChunkDecoder {
    @Override
    public TranscriptChunk decode(byte @Nullable [] key, byte[] value, Headers headers) {
      if (key == null) {
        throw new IllegalArgumentException("a subtitle without a channel");
      }
      JsonNode subtitle = read(value);
      return new TranscriptChunk(
          new String(key, UTF_8),
          subtitle.required("no").asLong(),
          subtitle.required("line").asText(),
          null, // nobody says who speaks
          Math.round(subtitle.required("from").asDouble() * 1000),
          Math.round(subtitle.required("to").asDouble() * 1000),
          ChunkStatus.CONFIRMED,
          subtitle.path("last").asBoolean(),
          Map.of());
    }

    private static JsonNode read(byte[] value) {
      try {
        return JSON.readTree(value);
      } catch (IOException e) {
        throw new UncheckedIOException("not JSON", e); // to the dead letters, with these words
      }
    }
  }
  // end decoder
}
