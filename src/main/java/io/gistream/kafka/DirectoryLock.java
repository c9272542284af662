package io.gistream.kafka;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a second broker out of a log directory. Kafka's own lock comes too late: by then the second
 * controller has written into the first one's metadata log.
 */
final class DirectoryLock implements AutoCloseable {
  /**
   * Directories locked by this process. A file lock is the process's, and POSIX ends it when any
   * channel to the file is closed: a second one must not even be opened.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final FileChannel file;

  private DirectoryLock(Path directory, FileChannel file) {
    this.directory = directory;
    this.file = file;
  }

  /**
   * Takes the lock, which also goes when the process ends, however it ends.
   *
   * @throws IOException when another broker has it, in this process or another
   */
  static DirectoryLock take(Path directory) throws IOException {
    Path real = directory.toRealPath();
    if (!HELD.add(real)) {
      throw inUse();
    }
    FileChannel file = null;
    try {
      file =
          FileChannel.open(
              real.resolve(".gistream.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (file.tryLock() == null) {
        throw inUse();
      }
      return new DirectoryLock(real, file);
    } catch (IOException e) {
      HELD.remove(real);
      if (file != null) {
        file.close();
      }
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
    HELD.remove(directory);
  }

  private static IOException inUse() {
    return new IOException("another broker is using the directory");
  }
}
