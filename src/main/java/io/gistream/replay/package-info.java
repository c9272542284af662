/**
 * What the summaries topic must hold, worked out from the chunks topic by one thread without Kafka
 * Streams, and compared with what it does hold.
 */
@NullMarked
package io.gistream.replay;

import org.jspecify.annotations.NullMarked;
