package io.gistream.session;

import io.gistream.avro.RollingSummary;
import io.gistream.avro.SequenceRange;
import io.gistream.avro.SummarySentence;
import io.gistream.config.SummaryOptions;
import io.gistream.model.ModelManifest;
import io.gistream.session.OpenSegment.Cut;
import io.gistream.summary.DisplayText;
import io.gistream.summary.Grounding;
import io.gistream.summary.Selection;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Turns sentences with their salience into the next revision of the rolling summary. */
final class SummaryWriter {
  private final ModelManifest model;
  private final Selection selection;
  private final int budgetWords;

  SummaryWriter(ModelManifest model, SummaryOptions options) {
    this.model = model;
    this.selection = new Selection(model.selection());
    this.budgetWords = options.budgetWords();
  }

  /**
   * The sentences of a segment that a summary could show.
   *
   * @param firstId id of the segment's first sentence: its place in the talk
   */
  List<SummarySentence> candidates(Cut segment, float[] salience, long firstId) {
    List<SummarySentence> candidates = new ArrayList<>();
    for (int i = 0; i < segment.sentences().size(); i++) {
      String spoken = segment.sentences().get(i);
      String shown = DisplayText.of(spoken);
      if (selection.isCandidate(shown)) {
        candidates.add(
            new SummarySentence(
                firstId + i,
                shown,
                salience[i],
                Grounding.share(shown, spoken),
                segment.sources().get(i)));
      }
    }
    return candidates;
  }

  /**
   * Of all candidates, those worth keeping for later revisions.
   *
   * @param latest what is shown now; null before the first summary
   */
  List<SummarySentence> keep(List<SummarySentence> candidates, @Nullable RollingSummary latest) {
    Set<Long> shown = latest == null ? Set.of() : ids(latest.getSentences());
    return selection.keep(candidates, shown, budgetWords);
  }

  /**
   * The next revision.
   *
   * @param progress the talk, its text up to the last chunk taken in
   * @param provisional candidates that are not folded yet, in the order of the talk
   * @param lastSequence the last chunk this summary speaks of
   */
  RollingSummary revise(
      Progress progress,
      List<SummarySentence> provisional,
      long lastSequence,
      boolean isProvisional,
      boolean isFinal) {
    List<SummarySentence> all = new ArrayList<>(progress.candidates);
    all.addAll(provisional);
    @Nullable RollingSummary before = progress.latest;
    List<SummarySentence> shownBefore = before == null ? List.of() : before.getSentences();
    List<SummarySentence> shown =
        selection.choose(
            all, Set.copyOf(progress.shown), budgetWords, progress.wordsHeard, isFinal);
    long first = progress.firstSequence == null ? lastSequence : progress.firstSequence;
    return new RollingSummary(
        progress.streamId,
        progress.epoch,
        before == null ? 1 : before.getRevision() + 1,
        shown.stream().map(SummarySentence::getText).collect(Collectors.joining(" ")),
        shown,
        textsMissingFrom(shown, shownBefore),
        textsMissingFrom(shownBefore, shown),
        new SequenceRange(Math.min(first, lastSequence), lastSequence),
        progress.gaps,
        isProvisional,
        isFinal,
        progress.startMillis,
        progress.endMillis,
        progress.wordsHeard,
        model.name(),
        model.version());
  }

  private static List<String> textsMissingFrom(
      List<SummarySentence> these, List<SummarySentence> those) {
    Set<String> known =
        those.stream()
            .map(SummarySentence::getText)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    return these.stream().map(SummarySentence::getText).filter(t -> !known.contains(t)).toList();
  }
}
