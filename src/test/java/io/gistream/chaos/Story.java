package io.gistream.chaos;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;

/** What happened when: on standard output and in a file. */
final class Story implements AutoCloseable {
  private final PrintStream file;

  Story(Path file) throws IOException {
    this.file = new PrintStream(file.toFile());
  }

  synchronized void tell(String what) {
    String line = "%s %s".formatted(LocalTime.now().truncatedTo(ChronoUnit.MILLIS), what);
    System.out.println("chaos: " + line);
    file.println(line);
    file.flush();
  }

  @Override
  public void close() {
    file.close();
  }
}
