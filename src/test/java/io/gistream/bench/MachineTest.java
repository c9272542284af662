package io.gistream.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MachineTest {

  @Test
  void theModelOfTheProcessorIsTheFirstOneNamed() {
    var info =
        List.of(
            "processor\t: 0",
            "model\t\t: 85",
            "model name\t: Some CPU   @ 2.00GHz: fast",
            "model name\t: Another CPU");

    assertThat(Machine.cpuModel(info, "amd64")).isEqualTo("Some CPU @ 2.00GHz: fast");
  }

  @Test
  void aProcessorWithoutAModelNameIsNamedByItsArchitecture() {
    assertThat(Machine.cpuModel(List.of("processor : 0", "CPU part : 0xd0c"), "aarch64"))
        .isEqualTo("aarch64");
    assertThat(Machine.cpuModel(List.of("model name :"), "amd64")).isEqualTo("amd64");
  }

  @Test
  void thisMachineIsDescribed() {
    var machine = Machine.describe();

    assertThat(machine.cores()).isPositive();
    assertThat(machine.memoryBytes()).isGreaterThan(1L << 20);
    assertThat(machine.cpu()).isNotBlank();
    assertThat(machine.jdk()).contains(String.valueOf(Runtime.version().feature()));
    assertThat(machine.os()).contains(System.getProperty("os.arch"));
  }

  @Test
  void theDescriptionIsOneLine() {
    var machine = new Machine("Some CPU", 2, 3L << 29, "17.0.1 (Vendor)", "Linux 6.1 amd64");

    assertThat(machine.toText())
        .isEqualTo("Some CPU, 2 cores, 1.5 GiB, JDK 17.0.1 (Vendor), Linux 6.1 amd64");
    assertThat(machine.toMap().keySet())
        .containsExactly("cpu", "cores", "memoryBytes", "jdk", "os");
  }
}
