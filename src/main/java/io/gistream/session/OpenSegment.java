package io.gistream.session;

import io.gistream.avro.OpenChunk;
import io.gistream.avro.Source;
import io.gistream.config.SummaryOptions;
import io.gistream.model.SummaryModel;
import io.gistream.summary.Remembered;
import io.gistream.summary.SentenceSplitter;
import io.gistream.summary.SpokenSentence;
import io.gistream.summary.Utterance;
import io.gistream.summary.WhiteSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What was said since the last fold: where a segment can be cut off it, and what is left then.
 *
 * <p>A segment is cut when the sentences known to be complete have {@code segment.min-tokens}, are
 * as many as {@linkplain SummaryModel#fits fit the model}, have been open for {@code
 * segment.max-age}, or came in {@value #MAX_CHUNKS} chunks; it never has more than {@code
 * segment.max-tokens}, nor more than the model reads, unless one sentence alone does.
 */
public final class OpenSegment {
  /**
   * Chunks from which a segment is due however few tokens they have: there are characters that make
   * no token, and each chunk is kept with its times and its speaker.
   */
  public static final int MAX_CHUNKS = 256;

  /**
   * Words from which a sentence that has no end yet is looked at: people who transcribe without
   * stops want to read something, too.
   */
  static final int FRAGMENT_WORDS = 15;

  static final int FRAGMENT_CHARACTERS = 150;

  private final SummaryModel model;
  private final SummaryOptions options;
  private final Remembered<Integer> tokenCounts;

  /**
   * @param cacheBytes heap for the numbers of tokens, which are asked for again at every chunk
   */
  OpenSegment(SummaryModel model, SummaryOptions options, long cacheBytes) {
    this.model = model;
    this.options = options;
    this.tokenCounts = new Remembered<>(model::countTokens, count -> Integer.BYTES, cacheBytes);
  }

  /**
   * A segment and what is left behind it.
   *
   * @param due whether it is to be folded
   * @param sentences as said, 1 to {@code limits.segmentSentences}
   * @param sources of each sentence
   * @param rest chunks, or their ends, that are not part of it
   */
  record Cut(boolean due, List<String> sentences, List<Source> sources, List<OpenChunk> rest) {}

  /**
   * The segment to fold now if one is due, else all that is open and worth a look, to look at
   * without folding it; empty when there is nothing to read. With {@code all}, whatever is open is
   * due.
   */
  Optional<Cut> next(List<OpenChunk> open, boolean all) {
    List<SpokenSentence> sentences = split(open);
    if (sentences.isEmpty()) {
      return Optional.empty();
    }
    int due = due(open, sentences, all);
    if (due > 0) {
      return Optional.of(cut(open, sentences.subList(0, due), true));
    }
    List<SpokenSentence> worthALook = worthALook(sentences);
    return worthALook.isEmpty()
        ? Optional.empty()
        : Optional.of(cut(open, worthALook.subList(0, fitting(worthALook)), false));
  }

  /** Sentences that no further chunk changes, as said. */
  static List<String> whole(List<OpenChunk> open) {
    return split(open).stream().filter(SpokenSentence::complete).map(SpokenSentence::text).toList();
  }

  /**
   * All but the beginning of a sentence: its end will come, a summary shows no fragments, and to
   * read it now and again when it is whole is half of the cost of many a talk.
   */
  private static List<SpokenSentence> worthALook(List<SpokenSentence> sentences) {
    int last = sentences.size() - 1;
    SpokenSentence tail = sentences.get(last);
    return tail.complete() || isLong(tail.text()) ? sentences : sentences.subList(0, last);
  }

  private static boolean isLong(String sentence) {
    // one space between two words, and none where people write without
    return sentence.chars().filter(c -> c == ' ').count() >= FRAGMENT_WORDS - 1
        || sentence.length() >= FRAGMENT_CHARACTERS;
  }

  /** How many sentences can be looked at together, 1 or more. */
  private int fitting(List<SpokenSentence> sentences) {
    int fitting = 1;
    while (fitting < sentences.size() && fits(sentences, fitting + 1)) {
      fitting++;
    }
    return fitting;
  }

  private boolean fits(List<SpokenSentence> sentences, int count) {
    return model.fits(sentences.subList(0, count).stream().map(SpokenSentence::text).toList());
  }

  /** How many sentences are due to be folded together, 0 when none is. */
  private int due(List<OpenChunk> open, List<SpokenSentence> sentences, boolean all) {
    int maxSentences = model.manifest().limits().segmentSentences();
    int taken = 0;
    int tokens = 0;
    int waitingTokens = 0;
    int waiting = 0;
    boolean full = false;
    for (SpokenSentence sentence : sentences) {
      if (!sentence.complete() && !all) {
        break;
      }
      int more = tokenCounts.of(sentence.text());
      if (!full
          && (taken == 0
              || (tokens + more <= options.segmentMaxTokens() && fits(sentences, taken + 1)))) {
        taken++;
        tokens += more;
      } else {
        full = true;
      }
      waiting++;
      waitingTokens += more;
      if (waiting > maxSentences || waitingTokens > options.segmentMaxTokens()) {
        break;
      }
    }
    boolean due =
        all
            || full
            || waitingTokens >= options.segmentMinTokens()
            || waiting >= maxSentences
            || open.size() >= MAX_CHUNKS
            || age(open) >= options.segmentMaxAge().toMillis();
    return due ? taken : 0;
  }

  private static long age(List<OpenChunk> open) {
    return open.get(open.size() - 1).getTimestamp() - open.get(0).getTimestamp();
  }

  private static List<SpokenSentence> split(List<OpenChunk> open) {
    return SentenceSplitter.split(
        open.stream().map(chunk -> new Utterance(chunk.getText(), chunk.getSpeaker())).toList());
  }

  private static Cut cut(List<OpenChunk> open, List<SpokenSentence> sentences, boolean due) {
    List<String> texts = new ArrayList<>(sentences.size());
    List<Source> sources = new ArrayList<>(sentences.size());
    for (SpokenSentence sentence : sentences) {
      texts.add(sentence.text());
      sources.add(
          Sources.of(open.subList(sentence.firstUtterance(), sentence.lastUtterance() + 1)));
    }
    return new Cut(due, texts, sources, rest(open, sentences.get(sentences.size() - 1)));
  }

  private static List<OpenChunk> rest(List<OpenChunk> open, SpokenSentence last) {
    List<OpenChunk> rest = new ArrayList<>();
    OpenChunk split = open.get(last.lastUtterance());
    String tail = split.getText().substring(last.endOffset());
    if (!WhiteSpace.isBlank(tail)) {
      rest.add(
          new OpenChunk(
              split.getSequence(),
              tail,
              split.getSpeaker(),
              split.getStartMillis(),
              split.getEndMillis(),
              split.getTimestamp()));
    }
    for (OpenChunk chunk : open.subList(last.lastUtterance() + 1, open.size())) {
      if (!WhiteSpace.isBlank(chunk.getText())) {
        rest.add(chunk);
      }
    }
    return rest;
  }
}
