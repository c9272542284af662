package io.gistream.summary;

import io.gistream.avro.Origin;
import io.gistream.avro.SummarySentence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Lets no sentence into a summary that what was said does not support.
 *
 * <p>A generated sentence is supported when all its numbers and names ({@link
 * Grounding#unsupported}) and all its content words ({@link ContentWords}) are in its segment or in
 * sentences kept before. A content word may have another ending there than here (plural, {@code
 * -ed}, {@code -ing}, {@code -ly}: see {@link Inflection}), and a small number may be spelled out
 * in one place and not in the other; nothing else is taken for the same.
 *
 * <p>One that is not supported is replaced by the sentence of its segment that shares most content
 * words with it, or, when none shares any, by the first with the most content words. Only a
 * sentence that could be a candidate by itself, and is not one already, may do so; if there is
 * none, the generated one is dropped.
 */
public final class GroundingGuard {
  private final List<String> spoken;
  private final Selection selection;
  private final List<Set<String>> stems;

  /**
   * A guard for one segment.
   *
   * @param spoken the sentences of the segment, as said
   * @param selection says which sentence may be a candidate
   */
  public GroundingGuard(List<String> spoken, Selection selection) {
    this.spoken = List.copyOf(spoken);
    this.selection = selection;
    this.stems = spoken.stream().map(GroundingGuard::stemsOf).toList();
  }

  /**
   * A sentence that what was said supports.
   *
   * @param text as shown
   * @param origin generated or replaced
   * @param share of its words that occur in what it rests on, 0 to 1
   * @param spoken which sentences of the segment it rests on, rising
   * @param kept which sentences kept before it rests on, as they were given
   */
  public record Grounded(
      String text, Origin origin, float share, List<Integer> spoken, List<SummarySentence> kept) {}

  /**
   * What of a generated sentence may be shown; empty when nothing may.
   *
   * @param generated as it would be shown
   * @param kept the candidates so far, those of this segment included
   */
  public Optional<Grounded> ground(String generated, List<SummarySentence> kept) {
    if (isSupported(generated, kept)) {
      return Optional.of(supported(generated, kept));
    }
    return replacement(generated, kept);
  }

  private boolean isSupported(String generated, List<SummarySentence> kept) {
    StringBuilder said = new StringBuilder();
    Set<String> known = new HashSet<>();
    for (int i = 0; i < spoken.size(); i++) {
      said.append(spoken.get(i)).append(' ');
      known.addAll(stems.get(i));
    }
    for (SummarySentence sentence : kept) {
      said.append(sentence.getText()).append(' ');
      known.addAll(stemsOf(sentence.getText()));
    }
    return Grounding.unsupported(generated, said.toString()).isEmpty()
        && known.containsAll(contentOf(generated));
  }

  /**
   * What supports it: the sentence of the segment with most of its content words, then the one with
   * most of those still missing, and so on; sentences kept before for what the segment does not
   * have. All of the segment when it shares no content word.
   */
  private Grounded supported(String generated, List<SummarySentence> kept) {
    Set<String> missing = contentOf(generated);
    List<Integer> resting = cover(missing, stems);
    List<Set<String>> keptStems =
        kept.stream().map(sentence -> stemsOf(sentence.getText())).toList();
    List<SummarySentence> restingOnKept =
        cover(missing, keptStems).stream().map(kept::get).toList();
    List<Integer> cited =
        resting.isEmpty() ? IntStream.range(0, spoken.size()).boxed().toList() : resting;
    StringBuilder source = new StringBuilder();
    cited.forEach(i -> source.append(spoken.get(i)).append(' '));
    restingOnKept.forEach(sentence -> source.append(sentence.getText()).append(' '));
    return new Grounded(
        generated,
        Origin.GENERATED,
        Grounding.share(generated, source.toString()),
        cited,
        restingOnKept);
  }

  /** Picks texts until none has a missing word, and takes from {@code missing} what they have. */
  private static List<Integer> cover(Set<String> missing, List<Set<String>> texts) {
    Set<Integer> picked = new HashSet<>();
    while (true) {
      int best = -1;
      int most = 0;
      for (int i = 0; i < texts.size(); i++) {
        int shared = shared(missing, texts.get(i));
        if (shared > most) {
          best = i;
          most = shared;
        }
      }
      if (best < 0) {
        return picked.stream().sorted().toList();
      }
      picked.add(best);
      missing.removeAll(texts.get(best));
    }
  }

  private Optional<Grounded> replacement(String generated, List<SummarySentence> kept) {
    Set<String> taken = new HashSet<>();
    kept.forEach(sentence -> taken.add(sentence.getText()));
    Set<String> content = contentOf(generated);
    int best = -1;
    int mostShared = -1;
    int mostContent = -1;
    for (int i = 0; i < spoken.size(); i++) {
      String shown = DisplayText.of(spoken.get(i));
      if (!selection.isCandidate(shown) || taken.contains(shown)) {
        continue;
      }
      int shared = shared(content, stems.get(i));
      int own = ContentWords.of(shown).size();
      boolean better = shared > mostShared || (shared == 0 && mostShared == 0 && own > mostContent);
      if (better) {
        best = i;
        mostShared = shared;
        mostContent = own;
      }
    }
    if (best < 0) {
      return Optional.empty();
    }
    String shown = DisplayText.of(spoken.get(best));
    return Optional.of(
        new Grounded(
            shown,
            Origin.REPLACED,
            Grounding.share(shown, spoken.get(best)),
            List.of(best),
            List.of()));
  }

  private static int shared(Set<String> words, Set<String> text) {
    int shared = 0;
    for (String word : words) {
      if (text.contains(word)) {
        shared++;
      }
    }
    return shared;
  }

  /** The content words of a sentence that must be supported, without their endings. */
  private static Set<String> contentOf(String sentence) {
    Set<String> stems = new LinkedHashSet<>();
    for (String word : ContentWords.of(sentence)) {
      String stem = Inflection.stem(word);
      // numbers in digits are compared whole, commas and all: Grounding.unsupported
      boolean number = word.codePoints().anyMatch(Character::isDigit);
      if (!number && !ContentWords.of(stem).isEmpty()) {
        stems.add(stem);
      }
    }
    return stems;
  }

  /** All words of a source without their endings, and its small numbers spelled out. */
  private static Set<String> stemsOf(String source) {
    Set<String> stems = new HashSet<>();
    List<String> words = new ArrayList<>(Words.tokens(source));
    words.addAll(Words.tokens(Contractions.join(source)));
    for (String word : words) {
      stems.add(Inflection.stem(word));
      Grounding.spelled(word).map(Inflection::stem).ifPresent(stems::add);
    }
    return stems;
  }
}
