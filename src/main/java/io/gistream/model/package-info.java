/**
 * The model package and its runtime on ONNX Runtime. Knows nothing of Kafka.
 *
 * <pre>{@code
 * try (var model = SummaryModel.bundled()) {
 *   var sentences = model.encode(List.of("We ship on Friday.", "Um, yeah."));
 *   var segment = new Segment(sentences, 0, model.emptyMemory());
 *   float[] salience = model.decode(List.of(segment)).get(0);
 *   Memory next = model.fold(List.of(segment)).get(0);
 * }
 * }</pre>
 */
@NullMarked
package io.gistream.model;

import org.jspecify.annotations.NullMarked;
