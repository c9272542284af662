package io.gistream.bench;

import io.gistream.model.Read;
import io.gistream.model.Reading;
import io.gistream.model.SegmentReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * What readers were asked, each reader's batches in their order, so that the model can be run over
 * the very same batches without anything around it. Thread-safe.
 */
final class RecordedReads {
  private final Map<SegmentReader, List<List<Read>>> batches = new ConcurrentHashMap<>();

  /** A reader that also writes down what it is asked. */
  SegmentReader watch(SegmentReader reader) {
    List<List<Read>> asked = new ArrayList<>();
    SegmentReader watched =
        new SegmentReader() {
          @Override
          public List<Reading> read(List<Read> reads) {
            asked.add(List.copyOf(reads));
            return reader.read(reads);
          }
        };
    batches.put(watched, asked);
    return watched;
  }

  /** Forgets what was asked so far; nobody may be reading meanwhile. */
  void forget() {
    batches.values().forEach(List::clear);
  }

  /** Segments in all batches. */
  long segments() {
    return batches.values().stream().flatMap(List::stream).mapToLong(List::size).sum();
  }

  /** Batches of all readers. */
  long count() {
    return batches.values().stream().mapToLong(List::size).sum();
  }

  /**
   * Reads it all again, each reader's batches in a thread of their own.
   *
   * @param readers makes new readers, which remember nothing
   * @return nanoseconds until the last one was done
   */
  long replay(Supplier<SegmentReader> readers) throws InterruptedException {
    List<List<List<Read>>> all =
        batches.values().stream().filter(asked -> !asked.isEmpty()).toList();
    ExecutorService threads = Executors.newFixedThreadPool(all.size());
    try {
      long began = System.nanoTime();
      List<Future<?>> running = new ArrayList<>();
      for (List<List<Read>> asked : all) {
        running.add(
            threads.submit(
                () -> {
                  SegmentReader reader = readers.get();
                  asked.forEach(reader::read);
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
      return System.nanoTime() - began;
    } catch (ExecutionException e) {
      throw new IllegalStateException("the model failed on what it has read before", e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }
}
