package io.gistream.score;

import java.nio.file.Path;

/** A data set cannot be read; the message names the file, the line and what is wrong with it. */
public final class DatasetException extends RuntimeException {
  DatasetException(Path file, String problem, Throwable cause) {
    super(file + ": " + problem, cause);
  }

  DatasetException(Path file, long line, String problem, Throwable cause) {
    super(file + ", line " + line + ": " + problem, cause);
  }
}
