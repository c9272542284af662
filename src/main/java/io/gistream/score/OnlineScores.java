package io.gistream.score;

/**
 * How a system did while a document was being heard; {@code docs/score.md} has the definitions.
 *
 * @param r1Auc area under ROUGE-1 F1 of the rolling summary over the fraction heard, 0 to 1
 * @param normalisedErasure words taken back per word of the last summary
 * @param normalisedErasureConfirmed the same, of the revisions that were not provisional
 * @param redundancy share of a final sentence that other sentences say too, 0 to 1
 * @param groundingShare share of the final sentences that their sources bear out; NaN for none
 * @param expectedLatencyWords words that go by before a final sentence is shown; NaN for none
 * @param expectedLatencySeconds the same in seconds, at the document's mean speaking rate
 */
public record OnlineScores(
    double r1Auc,
    double normalisedErasure,
    double normalisedErasureConfirmed,
    double redundancy,
    double groundingShare,
    double expectedLatencyWords,
    double expectedLatencySeconds) {

  static OnlineScores of(
      SummaryRun run, Rouge reference, int words, double minutes, int budgetWords) {
    double latency = ExpectedLatency.words(run, words);
    var confirmed = run.revisions().stream().filter(r -> !r.provisional()).toList();
    return new OnlineScores(
        RollingRouge.areaUnderRouge1(run.revisions(), reference, words, budgetWords),
        Erasure.normalised(run.revisions()),
        Erasure.normalised(confirmed),
        Redundancy.of(run.sentences().stream().map(GroundedSentence::text).toList()),
        GroundingShare.of(run.sentences()),
        latency,
        latency * minutes * 60 / words);
  }
}
