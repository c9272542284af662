package io.gistream.api;

import io.gistream.feed.ChunkSink;
import io.gistream.feed.Feed;
import io.gistream.stream.LiveStreams;

/**
 * What the HTTP server shows and serves.
 *
 * @param version of the program
 */
public record Backend(LiveStreams streams, Feed feed, ChunkSink sink, String version) {}
