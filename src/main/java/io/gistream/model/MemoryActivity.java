package io.gistream.model;

import org.jspecify.annotations.Nullable;

/**
 * What a memory holds, in numbers small enough to look at: one value for each layer and head.
 *
 * @param potential mean of |u| over the matrix of a head; null where the state is not ordered so
 * @param firing share of its neurons that fire, m = relu(u / theta - 1) &gt; 0 (SRformer, section
 *     3.3); null where nothing fires
 */
public record MemoryActivity(float @Nullable [][] potential, float @Nullable [][] firing) {}
