/** The Kafka cluster around Gistream: its topics, and a broker of its own for demos and tests. */
@NullMarked
package io.gistream.kafka;

import org.jspecify.annotations.NullMarked;
