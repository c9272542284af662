/**
 * How good the rolling summaries are: data sets, metrics, baselines, report. The metrics and their
 * formulas are gathered in {@code docs/score.md}.
 *
 * <pre>{@code
 * var scorer = new Scorer(segments -> sentencesOf(segments));
 * try (var dataset = Dataset.of(List.of(Path.of("ami.jsonl.gz")))) {
 *   var report = scorer.score(dataset, summarizer, Budget.referenceLength(), ProgressListener.NONE);
 *   System.out.print(report.toText());
 * }
 * }</pre>
 */
@NullMarked
package io.gistream.score;

import org.jspecify.annotations.NullMarked;
