package io.gistream.session;

import io.gistream.avro.Origin;
import io.gistream.avro.RollingSummary;
import io.gistream.avro.SequenceRange;
import io.gistream.avro.Source;
import io.gistream.avro.SummarySentence;
import io.gistream.config.SummaryOptions;
import io.gistream.model.ModelManifest;
import io.gistream.model.Reading;
import io.gistream.session.OpenSegment.Cut;
import io.gistream.summary.Casing;
import io.gistream.summary.DisplayText;
import io.gistream.summary.Grounding;
import io.gistream.summary.GroundingGuard;
import io.gistream.summary.Remembered;
import io.gistream.summary.Selection;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Turns what the model made of the segments into the next revision of the rolling summary. */
final class SummaryWriter {
  /**
   * Ids of sentences written lie so far apart from segment to segment: no model writes more of them
   * for one that was said, see {@code newTokens}.
   */
  private static final long IDS_PER_SENTENCE = 1024;

  private final ModelManifest model;
  private final Remembered<Shown> shown;
  private final Selection selection;
  private final int budgetWords;

  /**
   * @param cacheBytes heap for what depends on the text of a sentence alone: how it is shown, and
   *     what it is worth
   */
  SummaryWriter(ModelManifest model, SummaryOptions options, long cacheBytes) {
    this.model = model;
    this.shown = new Remembered<>(this::show, Shown::bytes, cacheBytes / 2);
    boolean writes = model.generation() != null;
    this.selection =
        new Selection(model.selection(), writes ? IDS_PER_SENTENCE : 1, cacheBytes / 2);
    this.budgetWords = options.budgetWords();
  }

  /**
   * A spoken sentence as a summary would show it.
   *
   * @param supported the part of it that was said
   */
  private record Shown(String text, boolean isCandidate, float supported) {
    int bytes() {
      return 80 + Character.BYTES * text.length();
    }
  }

  private Shown show(String spoken) {
    String text = DisplayText.of(spoken);
    return new Shown(text, selection.isCandidate(text), Grounding.share(text, spoken));
  }

  /**
   * Candidates of a segment.
   *
   * @param replaced how many stand where the model wrote what nothing supports
   * @param removed how many sentences that nothing supports could not be replaced
   */
  record Candidates(List<SummarySentence> sentences, int replaced, int removed) {}

  /**
   * The sentences of a segment that a summary could show: of those said, or of those that the model
   * wrote.
   *
   * @param firstPlace place of the segment's first sentence in the talk
   * @param kept candidates of the segments before
   */
  Candidates candidates(Cut segment, Reading reading, long firstPlace, List<SummarySentence> kept) {
    return reading instanceof Reading.Written written
        ? written(segment, written, firstPlace, kept)
        : said(segment, ((Reading.Scored) reading).salience(), firstPlace);
  }

  private Candidates said(Cut segment, float[] salience, long firstPlace) {
    List<SummarySentence> candidates = new ArrayList<>();
    for (int i = 0; i < segment.sentences().size(); i++) {
      Shown shown = this.shown.of(segment.sentences().get(i));
      if (shown.isCandidate()) {
        candidates.add(
            new SummarySentence(
                firstPlace + i,
                shown.text(),
                salience[i],
                shown.supported(),
                Origin.EXTRACTED,
                segment.sources().get(i)));
      }
    }
    candidates.removeIf(candidate -> !SentenceSize.isOrdinary(candidate));
    return new Candidates(candidates, 0, 0);
  }

  private Candidates written(
      Cut segment, Reading.Written written, long firstPlace, List<SummarySentence> kept) {
    GroundingGuard guard = new GroundingGuard(segment.sentences(), selection);
    Casing casing = Casing.of(segment.sentences());
    List<SummarySentence> candidates = new ArrayList<>();
    int replaced = 0;
    int removed = 0;
    long id = firstPlace * IDS_PER_SENTENCE;
    for (WrittenSentence sentence : WrittenSentence.of(written)) {
      long thisId = id++;
      String shown = DisplayText.of(casing.restore(sentence.text()));
      if (shown.isEmpty()) {
        continue;
      }
      List<SummarySentence> known = new ArrayList<>(kept);
      known.addAll(candidates);
      Optional<GroundingGuard.Grounded> grounded = guard.ground(shown, known);
      if (grounded.isEmpty()) {
        removed++;
        continue;
      }
      GroundingGuard.Grounded found = grounded.get();
      if (found.origin() == Origin.REPLACED) {
        replaced++;
      } else if (!selection.isCandidate(shown)) {
        continue; // true, but it says too little
      }
      candidates.add(
          new SummarySentence(
              thisId,
              found.text(),
              sentence.salience(),
              found.share(),
              found.origin(),
              Sources.merge(sources(segment, found))));
    }
    candidates.removeIf(candidate -> !SentenceSize.isOrdinary(candidate));
    return new Candidates(candidates, replaced, removed);
  }

  private static List<Source> sources(Cut segment, GroundingGuard.Grounded found) {
    List<Source> sources = new ArrayList<>();
    found.kept().forEach(sentence -> sources.add(sentence.getSource()));
    found.spoken().forEach(i -> sources.add(segment.sources().get(i)));
    return sources;
  }

  /**
   * Of all candidates, those worth keeping for later revisions.
   *
   * @param shown ids of what is shown now
   */
  List<SummarySentence> keep(List<SummarySentence> candidates, List<Long> shown) {
    return selection.keep(candidates, Set.copyOf(shown), budgetWords);
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
