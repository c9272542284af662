package io.gistream.bench;

import com.sun.management.GarbageCollectorMXBean;
import com.sun.management.GcInfo;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Memory of this process, in bytes; NaN where the system or the collector does not tell.
 *
 * @param resident all that is in RAM
 * @param heapAfterCollection what the last collection of garbage left
 * @param outsideHeap what is in RAM and not heap: ONNX Runtime's arena, RocksDB, malloc, code,
 *     class data, stacks
 */
record ProcessMemory(double resident, double heapAfterCollection, double outsideHeap) {
  private static final Path MAPPINGS = Path.of("/proc/self/smaps");
  private static final Pattern ADDRESS = Pattern.compile("0x([0-9a-f]+)");
  private static final Pattern MAPPING = Pattern.compile("([0-9a-f]+)-([0-9a-f]+) [r-].*");
  private static final Pattern RESIDENT = Pattern.compile("Rss: +([0-9]+) kB");

  private static final Range EVERYTHING = new Range(0, -1);

  /** Of unsigned addresses. */
  record Range(long begin, long end) {
    boolean meets(long from, long to) {
      return Long.compareUnsigned(from, end) < 0 && Long.compareUnsigned(to, begin) > 0;
    }

    /**
     * From the virtual machine's words about its heap, as {@code jcmd GC.heap_info} prints them:
     * the lowest and the highest address in it. Empty, that is begin = end, when it has none.
     */
    static Range of(String heapInfo) {
      List<Long> addresses = new ArrayList<>();
      for (Matcher address = ADDRESS.matcher(heapInfo); address.find(); ) {
        addresses.add(Long.parseUnsignedLong(address.group(1), 16));
      }
      addresses.sort(Long::compareUnsigned);
      return addresses.isEmpty()
          ? new Range(0, 0)
          : new Range(addresses.get(0), addresses.get(addresses.size() - 1));
    }
  }

  static ProcessMemory now() {
    try {
      Range heap = Range.of(heapInfo());
      List<String> mappings = Files.readAllLines(MAPPINGS);
      double resident = resident(mappings, EVERYTHING);
      double inHeap = heap.begin() == heap.end() ? Double.NaN : resident(mappings, heap);
      return new ProcessMemory(resident, leftByCollection(), resident - inHeap);
    } catch (IOException | JMException e) {
      return new ProcessMemory(Double.NaN, leftByCollection(), Double.NaN);
    }
  }

  private static String heapInfo() throws JMException {
    Object said =
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "gcHeapInfo",
                new Object[0],
                new String[0]);
    return String.valueOf(said);
  }

  /**
   * Bytes in RAM of the mappings that meet a range.
   *
   * @param smaps lines of {@code /proc/PID/smaps}
   */
  static double resident(List<String> smaps, Range range) {
    double bytes = 0;
    boolean within = false;
    for (String line : smaps) {
      Matcher mapping = MAPPING.matcher(line);
      Matcher resident = RESIDENT.matcher(line);
      if (mapping.matches()) {
        within = range.meets(address(mapping, 1), address(mapping, 2));
      } else if (within && resident.matches()) {
        bytes += Double.parseDouble(resident.group(1)) * 1024;
      }
    }
    return bytes;
  }

  private static long address(Matcher mapping, int group) {
    return Long.parseUnsignedLong(mapping.group(group), 16);
  }

  /** Of the collector that worked last, all generations; NaN before the first collection. */
  private static double leftByCollection() {
    Set<String> heap =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .map(MemoryPoolMXBean::getName)
            .collect(Collectors.toSet());
    return ManagementFactory.getPlatformMXBeans(GarbageCollectorMXBean.class).stream()
        .map(GarbageCollectorMXBean::getLastGcInfo)
        .filter(Objects::nonNull)
        .max(Comparator.comparingLong(GcInfo::getEndTime))
        .map(GcInfo::getMemoryUsageAfterGc)
        .map(
            left ->
                left.entrySet().stream()
                    .filter(pool -> heap.contains(pool.getKey()))
                    .mapToDouble(pool -> pool.getValue().getUsed())
                    .sum())
        .orElse(Double.NaN);
  }
}
