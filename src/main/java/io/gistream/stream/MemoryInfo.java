package io.gistream.stream;

import org.jspecify.annotations.Nullable;

/**
 * What the memory of a stream holds, seen from outside. Arrays are {@code [layer][head]}.
 *
 * @param kind such as {@code raf}
 * @param segments folded into it
 * @param bytes it has in its changelog
 * @param threshold theta, above which a neuron fires; null where nothing fires
 * @param firing share of the neurons above it; null where nothing fires
 * @param potential mean of |u|; null where the memory is not ordered by layer and head
 * @param timestamp of the last record of the stream, milliseconds since the epoch
 * @param fromCheckpoint whether it is a few segments old
 */
public record MemoryInfo(
    String kind,
    long segments,
    int bytes,
    float @Nullable [][] threshold,
    float @Nullable [][] firing,
    float @Nullable [][] potential,
    long timestamp,
    boolean fromCheckpoint) {}
