package io.gistream.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataSizeTest {
  @ParameterizedTest
  @CsvSource({"0B,0", "512B,512", "64KiB,65536", "8MiB,8388608", "1GiB,1073741824"})
  void readsWhatItWrites(String text, long bytes) {
    assertThat(DataSize.parse(text).bytes()).isEqualTo(bytes);
    assertThat(new DataSize(bytes)).hasToString(text);
  }

  @Test
  void isWrittenInTheLargestUnitThatHoldsItExactly() {
    assertThat(new DataSize(1536)).hasToString("1536B");
    assertThat(new DataSize(1536 * 1024)).hasToString("1536KiB");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "64", "64K", "64kib", "-1B", "1.5MiB", "99999999999999999GiB"})
  void refusesEverythingElse(String text) {
    assertThatThrownBy(() -> DataSize.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
