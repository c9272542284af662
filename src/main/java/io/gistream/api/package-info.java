/**
 * The HTTP service: what there is to see of the streams, what can be sent to them, health and
 * metrics. {@code docs/http-api.md} is its contract.
 *
 * <p>A request passes {@code Gate} (who asks, and may he), {@code Forwarding} (which instance
 * answers) and a controller. Controllers read the state stores through {@link
 * io.gistream.stream.LiveStreams} and the topics through {@link io.gistream.feed.Feed}, and write
 * to a {@link io.gistream.feed.ChunkSink}.
 */
@NullMarked
package io.gistream.api;

import org.jspecify.annotations.NullMarked;
