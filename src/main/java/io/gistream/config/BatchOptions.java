package io.gistream.config;

import java.time.Duration;

/**
 * How segments of different streams are put together for one run of the model, and what is kept at
 * hand for it. Changes how fast summaries come, never what they say.
 *
 * @param maxSegments most segments of a batch, one per stream
 * @param linger how long the first segment of a batch waits for others
 * @param timeBudget how long a stream thread works before it polls and commits again; the tasks of
 *     a thread that have work share it
 * @param memoryCacheBytes heap for the memories of the streams heard last
 * @param sentenceCacheBytes heap for what is known of the sentences read last
 * @param storeMemoryBytes memory outside the heap for the state stores, all together
 */
public record BatchOptions(
    int maxSegments,
    Duration linger,
    Duration timeBudget,
    long memoryCacheBytes,
    long sentenceCacheBytes,
    long storeMemoryBytes) {

  /** The values of {@code docs/configuration.md}. */
  public static BatchOptions defaults() {
    return from(Settings.defaults());
  }

  public static BatchOptions from(Settings settings) {
    return new BatchOptions(
        settings.get(GistreamOptions.BATCH_MAX_SEGMENTS),
        settings.get(GistreamOptions.BATCH_LINGER),
        settings.get(GistreamOptions.BATCH_TIME_BUDGET),
        settings.get(GistreamOptions.MEMORY_CACHE_SIZE).bytes(),
        settings.get(GistreamOptions.MODEL_CACHE_SIZE).bytes(),
        settings.get(GistreamOptions.STATE_MEMORY_SIZE).bytes());
  }
}
