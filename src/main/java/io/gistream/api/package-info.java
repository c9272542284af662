/**
 * The HTTP service: health, metrics, and the summaries this instance holds.
 *
 * <pre>{@code
 * try (var http = HttpService.start(HttpOptions.of(settings), streams, eraser)) {
 *   new KafkaStreamsMetrics(kafkaStreams).bindTo(http.meters());
 *   // until the process is told to end
 * }
 * }</pre>
 */
@NullMarked
package io.gistream.api;

import org.jspecify.annotations.NullMarked;
