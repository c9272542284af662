package io.gistream.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gistream.avro.ChunkStatus;
import io.gistream.avro.TranscriptChunk;
import io.gistream.config.SummaryOptions;
import io.gistream.model.SummaryModel;
import io.gistream.serde.AvroCodec;
import io.gistream.session.LocalSummarizer;
import io.gistream.session.Outcome;
import io.gistream.session.Said;
import io.gistream.session.Talks;
import io.gistream.stream.StateSizeCheck.Sizes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
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
  void whateverIsSaidTheRecordsStayBelowTheBound() {
    SummaryOptions options = SummaryOptions.defaults().withCheckpoints(1, 0);
    try (SummaryModel model = Talks.tinyModel()) {
      Sizes sizes = StateSizeCheck.sizes(model, options);
      List<String> talks =
          List.of(
              // words of 75 letters of three bytes each, no two alike: four make a sentence
              "%1$s%2$s %1$sბ%2$s %1$sგ%2$s %1$sდ%2$s.",
              "a" + "\u3000".repeat(60_000) + "b%2$s", "\u00a0", "\u200b", "x");
      for (String text : talks) {
        LocalSummarizer talk = new LocalSummarizer("t", model, options);
        for (int i = 0; i < 400; i++) {
          String letters = "ა".repeat(70);
          String said = text.formatted(letters, Integer.toString(i, 26).replaceAll("[0-9]", "ე"));
          talk.accept(new Said.Plain(loud(i, said), i));
          assertThat(bytes(AvroCodec.session(), talk.state())).isLessThan(sizes.session());
          talk.recollection()
              .checkpoint(model.sha256())
              .ifPresent(
                  it -> assertThat(bytes(AvroCodec.checkpoint(), it)).isLessThan(sizes.memory()));
        }
      }
    }
  }

  /** A chunk whose speaker has the longest name there may be. */
  private static TranscriptChunk loud(long sequence, String text) {
    return new TranscriptChunk(
        "t",
        sequence,
        text,
        (sequence % 2 == 0 ? "가" : "나").repeat(256),
        null,
        null,
        ChunkStatus.CONFIRMED,
        false,
        Map.of());
  }

  private static <T extends SpecificRecord> long bytes(AvroCodec<T> codec, T record) {
    return codec.encode(record).length;
  }

  @Test
  void aTalkThatSaysNothingForHoursIsKeptInCheckpointsToo() {
    try (SummaryModel model = Talks.tinyModel()) {
      LocalSummarizer talk = new LocalSummarizer("t", model, SummaryOptions.defaults());
      for (int i = 0; i < 3_000; i++) {
        talk.accept(new Said.Plain(Talks.chunk("t", i, ""), i));
      }
      assertThat(talk.recollection().heard()).hasSizeBetween(1_024, 1_300);
      assertThat(talk.recollection().checkpoint(model.sha256())).isPresent();
      assertThat(offer(talk, 3_000 - 1_024)).isInstanceOf(Outcome.Corrected.class);
      assertThat(offer(talk, 3_000 - 1_025))
          .isInstanceOfSatisfying(
              Outcome.Dropped.class,
              dropped -> assertThat(dropped.reason()).isEqualTo(Outcome.Reason.TOO_LATE));
    }
  }

  private static Outcome offer(LocalSummarizer talk, long sequence) {
    TranscriptChunk late = Talks.chunk("t", sequence, "This was said as well.");
    return talk.accept(new Said.Plain(late, 3_000)).get(0);
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
