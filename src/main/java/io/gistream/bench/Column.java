package io.gistream.bench;

/**
 * Something that was measured.
 *
 * @param name in JSON, with the unit: {@code p99Millis}
 * @param heading in tables: {@code p99 ms}
 * @param decimals in tables
 */
public record Column(String name, String heading, int decimals) {}
