package io.gistream.chaos;

import io.gistream.avro.TranscriptChunk;
import io.gistream.session.Said;
import io.gistream.summary.SentenceSplitter;
import io.gistream.summary.SpokenSentence;
import io.gistream.summary.Utterance;
import io.gistream.transcript.TranscriptFormat;
import io.gistream.transcript.Transcripts;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;

/** Sentences of the demo meeting, from which other talks are cut. */
final class SpokenText {
  private final List<String> sentences;
  private final List<String> speakers;

  private SpokenText(List<String> sentences, List<String> speakers) {
    this.sentences = sentences;
    this.speakers = speakers;
  }

  static SpokenText ofTheDemo() {
    try (InputStream in =
        Objects.requireNonNull(Said.class.getResourceAsStream("/demo/meeting.jsonl"))) {
      try (Stream<TranscriptChunk> read = Transcripts.read(in, TranscriptFormat.JSONL, "meeting")) {
        List<TranscriptChunk> turns = read.toList();
        List<Utterance> utterances =
            turns.stream().map(turn -> new Utterance(turn.getText(), turn.getSpeaker())).toList();
        return new SpokenText(
            SentenceSplitter.split(utterances).stream().map(SpokenSentence::text).toList(),
            turns.stream()
                .map(TranscriptChunk::getSpeaker)
                .filter(Objects::nonNull)
                .distinct()
                .toList());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String speaker(Random random) {
    return speakers.get(random.nextInt(speakers.size()));
  }

  /** So many sentences, from anywhere in the meeting. */
  String turn(Random random, int count) {
    int from = random.nextInt(sentences.size() - count);
    return String.join(" ", sentences.subList(from, from + count));
  }

  /** A few words out of a sentence, as a live caption has them. */
  String caption(Random random) {
    String[] words = turn(random, 1).split(" ");
    int count = Math.min(words.length, 3 + random.nextInt(7));
    int from = random.nextInt(words.length - count + 1);
    return String.join(" ", List.of(words).subList(from, from + count));
  }
}
