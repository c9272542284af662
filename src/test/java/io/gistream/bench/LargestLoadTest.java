package io.gistream.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LargestLoadTest {
  @ParameterizedTest
  @CsvSource({
    // most that is kept up with, what is tried from 64 on
    "700, 64 128 256 512 1024 768 640",
    "64, 64 128 96 80",
    "20, 64 32 16 24 20",
    "1, 64 32 16 8 4 2 1",
    "0, 64 32 16 8 4 2 1",
  })
  void itClosesIn(int most, String tried) throws InterruptedException {
    List<String> loads = new ArrayList<>();
    LargestLoad.search(
        64,
        2,
        load -> {
          loads.add(Integer.toString(load));
          return load <= most;
        });
    assertThat(String.join(" ", loads)).isEqualTo(tried);
  }
}
