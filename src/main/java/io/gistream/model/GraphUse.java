package io.gistream.model;

/**
 * How much a graph of a model was used since it was loaded.
 *
 * @param graph its file's name without the ending: {@code encoder}, {@code memory}, {@code decoder}
 * @param runs of any number of rows each
 * @param nanos that they took together
 */
public record GraphUse(String graph, long runs, long nanos) {}
