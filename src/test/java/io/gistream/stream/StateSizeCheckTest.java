package io.gistream.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gistream.avro.TranscriptChunk;
import io.gistream.config.SummaryOptions;
import io.gistream.model.SummaryModel;
import io.gistream.serde.AvroCodec;
import io.gistream.session.LocalSummarizer;
import io.gistream.session.Said;
import io.gistream.session.Talks;
import io.gistream.stream.StateSizeCheck.Sizes;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a stream keeps is known before the first record. */
class StateSizeCheckTest {
  private static final long LIMIT = StateSizeCheck.CHANGELOG_MAX_MESSAGE_BYTES;

  @Test
  void theDefaultsFit() {
    try (SummaryModel model = Talks.tinyModel()) {
      Sizes sizes = StateSizeCheck.sizes(model, SummaryOptions.defaults());
      assertThat(StateSizeCheck.problems(sizes, LIMIT, Optional.of(1L << 20))).isEmpty();
    }
  }

  @Test
  void whatDoesNotFitIsToldWithItsNumbers() {
    Sizes sizes = new Sizes(5_000_000, 40_000, 300_000, 2_000_000);
    assertThat(StateSizeCheck.problems(sizes, 1_048_576, Optional.of(1_000_000L)))
        .hasSize(3)
        .anyMatch(p -> p.contains("5000000") && p.contains("max.request.size is 1048576"))
        .anyMatch(p -> p.contains("5000000") && p.contains(Long.toString(LIMIT)))
        .anyMatch(p -> p.contains("2000000") && p.contains("max.message.bytes"));
  }

  @Test
  void aLongTalkStaysBelowTheBound() {
    try (SummaryModel model = Talks.tinyModel()) {
      SummaryOptions options = SummaryOptions.defaults();
      LocalSummarizer talk = new LocalSummarizer("t", model, options);
      long largest = 0;
      for (TranscriptChunk chunk : Talks.talk("t", 300, 11)) {
        talk.accept(new Said.Plain(chunk, chunk.getSequence() * 1000));
        largest = Math.max(largest, AvroCodec.session().encode(talk.state()).length);
      }
      assertThat(largest).isLessThan(StateSizeCheck.sizes(model, options).session());
    }
  }
}
