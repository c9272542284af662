package io.gistream.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemoryGaugeTest {
  @Test
  void anEmptyMemoryHoldsNothingAndOneThatHasHeardSomethingFires() {
    try (SummaryModel model = SummaryModel.bundled()) {
      MemoryActivity empty = model.activity(model.emptyMemory());
      assertThat(all(empty.potential())).hasSize(16).containsOnly(0f);
      assertThat(all(empty.firing())).hasSize(16).containsOnly(0f);

      Memory memory = model.emptyMemory();
      for (int i = 0; i < 3; i++) {
        List<EncodedSentence> said =
            model.encode(List.of("We ship version " + i + " on Friday.", "Ada tests it."));
        memory = model.fold(List.of(new Segment(said, 2L * i, memory))).get(0);
      }
      MemoryActivity activity = model.activity(memory);
      assertThat(all(activity.potential())).allMatch(u -> u > 0);
      assertThat(all(activity.firing())).allMatch(share -> share >= 0 && share <= 1);
      assertThat(all(activity.firing())).anyMatch(share -> share > 0);
      assertThat(all(model.threshold())).allMatch(theta -> theta > 0 && theta < 10);
      assertThat(activity.firing()).isEqualTo(counted(model, memory));
    }
  }

  /** The same shares, counted from the bytes of the memory as docs/model-package.md lays it out. */
  private static float[][] counted(SummaryModel model, Memory memory) {
    byte[] bytes = memory.toBytes();
    int neurons = 32 * 32;
    ByteBuffer values = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    values.position(bytes.length - 2 * 8 * neurons * 2);
    float[][] shares = new float[2][8];
    for (float[] layer : shares) {
      for (int head = 0; head < 8; head++) {
        float theta = model.threshold()[layer == shares[0] ? 0 : 1][head];
        for (int i = 0; i < neurons; i++) {
          layer[head] += half(values.getShort()) > theta ? 1f / neurons : 0;
        }
      }
    }
    return shares;
  }

  private static double half(short bits) {
    int exponent = bits >> 10 & 31;
    double fraction = (bits & 1023) / 1024.0;
    double value =
        exponent == 0 ? fraction * Math.pow(2, -14) : (1 + fraction) * Math.pow(2, exponent - 15);
    return bits < 0 ? -value : value;
  }

  @Test
  void aMemoryThatDoesNotFireHasNoRates() {
    try (SummaryModel none = SummaryModel.bundled("tiny-none", SummaryModel.Options.DEFAULT);
        SummaryModel slots = SummaryModel.bundled("tiny-t5-abc-mlp", SummaryModel.Options.DEFAULT);
        SummaryModel linear =
            SummaryModel.bundled("tiny-t5-linear", SummaryModel.Options.DEFAULT)) {
      for (SummaryModel model : List.of(none, slots, linear)) {
        assertThat(model.threshold()).isNull();
        assertThat(model.activity(model.emptyMemory()).firing()).isNull();
      }
      assertThat(none.activity(none.emptyMemory()).potential()).isNull();
      assertThat(linear.activity(linear.emptyMemory()).potential()).isNotNull();
    }
  }

  @Test
  void halvesAreReadAsIeee754HasThem() {
    assertThat(MemoryGauge.fromHalf((short) 0x3c00)).isEqualTo(1f);
    assertThat(MemoryGauge.fromHalf((short) 0xc000)).isEqualTo(-2f);
    assertThat(MemoryGauge.fromHalf((short) 0x7bff)).isEqualTo(65504f);
    assertThat(MemoryGauge.fromHalf((short) 0x0001)).isEqualTo((float) Math.pow(2, -24));
    assertThat(MemoryGauge.fromHalf((short) 0x7c00)).isInfinite();
    assertThat(MemoryGauge.fromHalf((short) 0x7c01)).isNaN();
  }

  @Test
  void whatIsNoGraphHasNoConstants() {
    assertThat(OnnxInitializers.floats(new byte[] {1, 2, 3}, "theta_log", 1)).isEmpty();
    assertThat(OnnxInitializers.floats(new byte[] {58, 127, 0}, "theta_log", 1)).isEmpty();
  }

  private static List<Float> all(float[][] values) {
    List<Float> all = new java.util.ArrayList<>();
    for (float[] layer : values) {
      for (float value : layer) {
        all.add(value);
      }
    }
    return all;
  }
}
