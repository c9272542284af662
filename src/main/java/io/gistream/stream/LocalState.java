package io.gistream.stream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Kafka Streams keeps of the changelogs on the local disk, a directory for each task.
 *
 * <p>RocksDB refuses a block whose checksum is wrong, but an iterator of Kafka Streams takes the
 * refusal for the end of the store: chunks in such a block would be lost without a word. So the
 * files are checked before they are opened, and what is damaged is deleted, to be restored from the
 * changelog.
 */
final class LocalState {
  private static final Logger LOG = LoggerFactory.getLogger(LocalState.class);

  private LocalState() {}

  /**
   * Deletes the directories of the tasks whose files are damaged. To be called when this process
   * has the state directory for itself, and no task of it runs.
   *
   * @param application the directory of the application
   */
  static void deleteDamaged(Path application) {
    for (Path task : children(application)) {
      if (Files.isDirectory(task) && isDamaged(task)) {
        LOG.warn("The local state in {} is deleted; it is restored from the changelog", task);
        delete(task);
      }
    }
  }

  /** Whether any table of RocksDB below a task's directory is not what was written. */
  static boolean isDamaged(Path task) {
    RocksDB.loadLibrary();
    boolean damaged = false;
    for (Path file : below(task)) {
      if (file.toString().endsWith(".sst")) {
        try (Options options = new Options();
            SstFileReader reader = new SstFileReader(options)) {
          reader.open(file.toString());
          reader.verifyChecksum();
        } catch (RocksDBException e) {
          LOG.warn("{} is damaged: {}", file, e.getMessage());
          damaged = true;
        }
      }
    }
    return damaged;
  }

  private static List<Path> children(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + directory, e);
    }
  }

  private static List<Path> below(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + directory, e);
    }
  }

  private static void delete(Path directory) {
    try {
      for (Path file : below(directory).stream().sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + directory, e);
    }
  }
}
