/**
 * The model package and its runtime on ONNX Runtime. Knows nothing of Kafka.
 *
 * <pre>{@code
 * try (var model = SummaryModel.bundled()) {
 *   var sentences = List.of("We ship on Friday.", "Um, yeah.");
 *   var read = new Read(sentences, 0, model.emptyMemory(), true);
 *   Reading reading = model.reader().read(List.of(read)).get(0); // salience, or what it wrote
 *   Memory next = reading.memory();
 * }
 * }</pre>
 */
@NullMarked
package io.gistream.model;

import org.jspecify.annotations.NullMarked;
