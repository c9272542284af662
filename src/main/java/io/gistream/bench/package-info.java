/**
 * What benchmarks have in common: the machine, clocks, samples, results, and the document that
 * shows them.
 *
 * <pre>{@code
 * var latency = new NanoSamples();
 * long cpu = Clocks.processCpuNanos();
 * for (var chunk : chunks) {
 *   long start = System.nanoTime();
 *   engine.take(chunk);
 *   latency.add(System.nanoTime() - start);
 * }
 * var result =
 *     new BenchResult(
 *         "engine",
 *         "One stream through the engine",
 *         Machine.describe(),
 *         Map.of("chunks", "1000"),
 *         List.of(new Column("p50Millis", "p50 ms", 2), new Column("p99Millis", "p99 ms", 2)),
 *         List.of(Row.of("1 stream", latency.p50() / 1e6, latency.p99() / 1e6)));
 * BenchmarksFile.replaceSection(Path.of("docs/benchmarks.md"), "engine", result.toMarkdown());
 * }</pre>
 */
@NullMarked
package io.gistream.bench;

import org.jspecify.annotations.NullMarked;
