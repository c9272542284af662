package io.gistream.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gistream.fuzz.Damage;
import io.gistream.fuzz.FuzzRun;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import org.apache.avro.specific.SpecificRecord;

/** What is left of a record after its bytes were damaged: a record, or a clear failure. */
class DamagedRecordsTest {
  private static final List<Kind> KINDS =
      List.of(
          Kind.of(AvroCodec.chunk(), Samples.chunk()),
          Kind.of(AvroCodec.summary(), Samples.summaries().get(0)),
          Kind.of(AvroCodec.session(), Samples.sessions().get(0)),
          Kind.of(AvroCodec.checkpoint(), Samples.checkpoints().get(0)),
          Kind.of(AvroCodec.heardChunk(), Samples.heardChunks().get(0)),
          Kind.of(AvroCodec.inboxEntry(), Samples.inboxEntries().get(0)));

  record Kind(AvroCodec<? extends SpecificRecord> codec, byte[] bytes) {
    static <T extends SpecificRecord> Kind of(AvroCodec<T> codec, T sample) {
      return new Kind(codec, codec.encode(sample));
    }

    @Override
    public String toString() {
      return codec.history().current().getName();
    }
  }

  @Example
  void oneCutShortIsRefused() {
    for (Kind kind : KINDS) {
      for (int length = 0; length < kind.bytes().length; length++) {
        byte[] cut = Arrays.copyOf(kind.bytes(), length);
        assertThatThrownBy(() -> kind.codec().decode(cut))
            .isInstanceOf(UndecodableException.class)
            .hasMessageContaining(kind.toString());
      }
    }
  }

  @Provide
  Arbitrary<Kind> kinds() {
    return Arbitraries.of(KINDS);
  }

  @Provide
  Arbitrary<Damage> damages() {
    return Damage.any();
  }

  @Property(tries = 20_000)
  @AddLifecycleHook(FuzzRun.class)
  void oneThatIsDamagedIsAnotherOrRefused(
      @ForAll("kinds") Kind kind, @ForAll("damages") Damage damage) {
    try {
      assertThat(kind.codec().decode(damage.of(kind.bytes()))).isNotNull();
    } catch (UndecodableException e) { // anything else fails the test
      assertThat(e).hasMessageContaining(kind.toString());
    }
  }

  @Provide
  Arbitrary<Damage> damagesThatShow() {
    return Arbitraries.oneOf(Damage.longer(), Damage.fingerprint());
  }

  @Property(tries = 2_000)
  @AddLifecycleHook(FuzzRun.class)
  void oneWithMoreBehindItOrOfAnUnknownSchemaIsRefused(
      @ForAll("kinds") Kind kind, @ForAll("damagesThatShow") Damage damage) {
    assertThatThrownBy(() -> kind.codec().decode(damage.of(kind.bytes())))
        .isInstanceOf(UndecodableException.class)
        .hasMessageContaining(kind.toString());
  }
}
