package io.gistream.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gistream.avro.TranscriptChunk;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

class GistreamSerdesTest {
  @Test
  void aTombstoneStaysOne() {
    try (Serde<TranscriptChunk> serde = GistreamSerdes.chunk()) {
      assertThat(serde.serializer().serialize("topic", null)).isNull();
      assertThat(serde.deserializer().deserialize("topic", null)).isNull();
    }
  }

  @Test
  void aValueIsWrittenAndRead() {
    try (Serde<TranscriptChunk> serde = GistreamSerdes.chunk()) {
      byte[] bytes = serde.serializer().serialize("topic", Samples.chunk());
      assertThat(serde.deserializer().deserialize("topic", bytes)).isEqualTo(Samples.chunk());
      assertThatThrownBy(() -> serde.deserializer().deserialize("topic", new byte[3]))
          .isInstanceOf(UndecodableException.class);
    }
  }
}
