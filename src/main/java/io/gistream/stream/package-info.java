/**
 * What happens to one record: {@link io.gistream.stream.RollingSummarizer} read from top to bottom.
 * Kafka Streams only; the model is behind {@link io.gistream.model.SegmentReader}.
 */
@NullMarked
package io.gistream.stream;

import org.jspecify.annotations.NullMarked;
