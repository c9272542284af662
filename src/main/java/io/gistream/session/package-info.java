/**
 * One live talk, step by step: what a chunk does to the summary, the memory and the order. Knows
 * nothing of Kafka, so that the stream processor, {@code gistream summarize}, the scorer and the
 * reference that replays are checked against all run the same code.
 */
@NullMarked
package io.gistream.session;

import org.jspecify.annotations.NullMarked;
