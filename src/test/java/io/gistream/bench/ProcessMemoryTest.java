package io.gistream.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.gistream.bench.ProcessMemory.Range;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessMemoryTest {
  private static final List<String> SMAPS =
      List.of(
          "700000000-710000000 rw-p 00000000 00:00 0 ",
          "Size:             262144 kB",
          "Rss:                1024 kB",
          "7f0000000000-7f0000021000 rw-p 00000000 00:00 0 ",
          "Rss:                  32 kB",
          "ffffffffff600000-ffffffffff601000 r-xp 00000000 00:00 0   [vsyscall]",
          "Rss:                   4 kB");

  @Test
  void theHeapLiesWhereTheVirtualMachineSays() {
    Range heap =
        Range.of(
            "garbage-first heap   total 262144K, used 12345K"
                + " [0x0000000700000000, 0x0000000800000000)");
    assertThat(heap).isEqualTo(new Range(0x700000000L, 0x800000000L));
    assertThat(ProcessMemory.resident(SMAPS, heap)).isEqualTo(1024 * 1024);
    assertThat(ProcessMemory.resident(SMAPS, new Range(0, -1))).isEqualTo(1060 * 1024);
    assertThat(Range.of("no address")).isEqualTo(new Range(0, 0));
  }

  @Test
  void memoryOutsideTheHeapIsPartOfAll() {
    assumeThat(Files.isReadable(Path.of("/proc/self/smaps"))).isTrue();
    ProcessMemory now = ProcessMemory.now();
    assertThat(now.outsideHeap()).isPositive().isLessThan(now.resident());
  }

  @Test
  void whatACollectionLeftIsThatOfAllGenerations() {
    byte[][] held = new byte[16][1 << 20];
    System.gc();
    assertThat(ProcessMemory.now().heapAfterCollection())
        .isGreaterThan(held.length * (double) (1 << 20));
  }
}
