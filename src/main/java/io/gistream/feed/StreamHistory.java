package io.gistream.feed;

import java.util.List;

/**
 * The last records of one stream, oldest first.
 *
 * @param chunksComplete whether nothing of the topic is missing before the first chunk
 * @param highestSequence of the chunks seen; -1 when there is none
 * @param cursor behind the last record before {@code chunks} and {@code summaries}
 */
public record StreamHistory(
    List<FeedRecord.Chunk> chunks,
    List<FeedRecord.Summary> summaries,
    boolean chunksComplete,
    long highestSequence,
    Cursor cursor) {}
