package io.gistream;

import io.gistream.cli.GistreamCommand;

/** Entry point of the command line. */
public final class Gistream {
  private Gistream() {}

  public static void main(String[] args) {
    // Kafka's broker leaves threads behind that would keep the process alive
    System.exit(GistreamCommand.execute(args));
  }
}
