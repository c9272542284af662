package io.gistream.stream;

/**
 * The model that the streams run.
 *
 * @param memory kind of its memory, such as {@code raf}
 */
public record ModelInfo(String name, String version, String memory, int layers, int heads) {}
