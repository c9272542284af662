package io.gistream.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a number was measured on.
 *
 * @param cpu model name of the processor, its architecture where the system does not tell
 * @param cores logical ones that this JVM may use
 * @param memoryBytes that this JVM may see: the container's limit where there is one
 * @param jdk version and vendor
 * @param os name, version and architecture
 */
public record Machine(String cpu, int cores, long memoryBytes, String jdk, String os) {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  /** This machine. */
  public static Machine describe() {
    var system =
        ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
    String architecture = System.getProperty("os.arch", "unknown");
    return new Machine(
        cpuModel(cpuInfo(), architecture),
        Runtime.getRuntime().availableProcessors(),
        system.getTotalMemorySize(),
        Runtime.version() + " (" + System.getProperty("java.vendor", "unknown vendor") + ")",
        system.getName() + " " + system.getVersion() + " " + architecture);
  }

  /** The value of the first {@code model name} line. */
  static String cpuModel(List<String> cpuInfo, String otherwise) {
    for (var line : cpuInfo) {
      int colon = line.indexOf(':');
      if (colon > 0 && line.substring(0, colon).strip().equals("model name")) {
        String model = line.substring(colon + 1).strip().replaceAll("\\s+", " ");
        if (!model.isEmpty()) {
          return model;
        }
      }
    }
    return otherwise;
  }

  private static List<String> cpuInfo() {
    try {
      return Files.isReadable(CPU_INFO) ? Files.readAllLines(CPU_INFO) : List.of();
    } catch (IOException e) {
      // a description with less in it is no reason to lose a measurement
      return List.of();
    }
  }

  /** Names and values for JSON, in a fixed order. */
  public Map<String, Object> toMap() {
    var map = new LinkedHashMap<String, Object>();
    map.put("cpu", cpu);
    map.put("cores", cores);
    map.put("memoryBytes", memoryBytes);
    map.put("jdk", jdk);
    map.put("os", os);
    return map;
  }

  /** One line for people. */
  public String toText() {
    return String.format(
        Locale.ROOT,
        "%s, %d %s, %.1f GiB, JDK %s, %s",
        cpu,
        cores,
        cores == 1 ? "core" : "cores",
        memoryBytes / (double) (1L << 30),
        jdk,
        os);
  }
}
