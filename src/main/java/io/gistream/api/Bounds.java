package io.gistream.api;

import io.micronaut.http.HttpStatus;

/** Numbers in queries. */
final class Bounds {
  private Bounds() {}

  /** Throws the problem when a number is not 1 to {@code most}. */
  static void check(String name, int value, int most) {
    if (value < 1 || value > most) {
      throw new ProblemException(
          HttpStatus.BAD_REQUEST, "%s is %d; it may be 1 to %d".formatted(name, value, most));
    }
  }
}
