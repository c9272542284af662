package io.gistream.model;

import io.gistream.model.ModelManifest.Generation;
import io.gistream.model.Reading.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;

/**
 * Goldens of the families that write: what is written, with one beam and with more.
 *
 * @param runs the whole transcript, once for each number of beams
 */
record WritingGoldens(List<Said> segments, List<Run> runs, MemoryGoldens memory)
    implements Goldens {

  /**
   * One segment.
   *
   * @param tokens of all its sentences, as the encoder reads them
   */
  @SuppressWarnings("ArrayRecordComponent") // only read
  record Said(List<String> sentences, long[] tokens) {}

  /**
   * What the model writes with a number of beams.
   *
   * @param segments as many as were said
   */
  record Run(int beams, List<Added> segments) {}

  /**
   * What a segment adds.
   *
   * @param meanLogProbability over the tokens; 0 when there are none
   */
  @SuppressWarnings("ArrayRecordComponent") // only read
  record Added(long[] tokens, String text, double meanLogProbability) {}

  static WritingGoldens read(ManifestField root, ModelManifest manifest) {
    List<Said> segments = new ArrayList<>();
    for (ManifestField segment : root.get("segments").elements()) {
      segments.add(
          new Said(CompactGoldens.sentences(segment, manifest), ids(segment.get("tokens"))));
    }
    if (segments.isEmpty()) {
      throw root.get("segments").fault("at least one segment");
    }
    List<Run> runs =
        root.get("runs").elements().stream()
            .map(run -> run(run, segments.size(), manifest))
            .toList();
    if (runs.stream().noneMatch(run -> run.beams() == 1)) {
      throw root.get("runs").fault("a run with 1 beam");
    }
    return new WritingGoldens(
        List.copyOf(segments), runs, MemoryGoldens.read(root, manifest, segments.size()));
  }

  private static Run run(ManifestField run, int segments, ModelManifest manifest) {
    List<Added> added = new ArrayList<>();
    for (ManifestField segment : run.get("segments").elements()) {
      added.add(
          new Added(
              written(segment.get("written"), manifest),
              segment.get("text").anyText(),
              segment.get("meanLogProbability").number()));
    }
    if (added.size() != segments) {
      throw run.get("segments").fault("what each of %d segments adds".formatted(segments));
    }
    return new Run(run.get("beams").intFrom(1, ManifestReader.MAX_BEAMS), List.copyOf(added));
  }

  private static long[] written(ManifestField field, ModelManifest manifest) {
    long[] tokens = ids(field);
    int most = Objects.requireNonNull(manifest.generation()).newTokens();
    int vocabulary = manifest.dims().vocabulary();
    if (tokens.length > most || LongStream.of(tokens).anyMatch(token -> token >= vocabulary)) {
      throw field.fault(
          "at most %d tokens (generation.newTokens), each below %d (dims.vocabulary)"
              .formatted(most, vocabulary));
    }
    return tokens;
  }

  private static long[] ids(ManifestField tokens) {
    return tokens.elements().stream().mapToLong(ManifestField::tokenId).toArray();
  }

  @Override
  public int segmentCount() {
    return segments.size();
  }

  @Override
  public int sentenceCount() {
    return segments.stream().mapToInt(said -> said.sentences().size()).sum();
  }

  @Override
  public void compare(ModelPackage files, SummaryModel model, GoldensTally tally) {
    Generation generation = Objects.requireNonNull(files.manifest().generation());
    try (SentenceTokenizer tokenizer = SentenceTokenizer.open(files)) {
      for (int i = 0; i < segments.size(); i++) {
        String text = generation.inputPrefix() + String.join(" ", segments.get(i).sentences());
        tally.exact("tokens", i + 1, null, segments.get(i).tokens(), tokenizer.row(text));
      }
    }
    for (Run run : runs) {
      if (tally.precision() != Precision.FP32 && run.beams() != 1) {
        continue; // a text that is given has one beam
      }
      if (run.beams() == generation.beams()) {
        compare(run, model, tally);
      } else {
        try (SummaryModel other =
            SummaryModel.load(files.withBeams(run.beams()), model.options())) {
          compare(run, other, tally);
        }
      }
    }
  }

  /**
   * In another precision one token that is chosen otherwise changes all that follow. There the
   * model is made to write what the goldens have, and is asked how probable it finds that.
   */
  private void compare(Run run, SummaryModel model, GoldensTally tally) {
    String prefix = run.beams() == 1 ? "1 beam, " : run.beams() + " beams, ";
    boolean chooses = tally.precision() == Precision.FP32;
    SegmentReader reader = model.reader();
    Memory before = model.emptyMemory();
    long said = 0;
    for (int i = 0; i < segments.size(); i++) {
      List<String> sentences = segments.get(i).sentences();
      Read read = new Read(sentences, said, before, true);
      Added expected = run.segments().get(i);
      Reading.Written written =
          chooses ? written(reader, read) : model.follow(read, ints(expected.tokens()));
      List<Token> tokens = written.tokens();
      if (chooses) {
        tally.exact(
            prefix + "written",
            i + 1,
            null,
            expected.tokens(),
            tokens.stream().mapToLong(Token::id).toArray());
        tally.sameText(prefix + "text", i + 1, expected.text(), written.text());
      }
      tally.meanLogProbability(
          prefix + "meanLogProbability",
          i + 1,
          expected.meanLogProbability(),
          tokens.stream().mapToDouble(Token::logProbability).average().orElse(0));
      before = written.memory();
      said += sentences.size();
      memory.compare(model.manifest().state(), before, i + 1, tally);
    }
  }

  private static Reading.Written written(SegmentReader reader, Read read) {
    if (reader.read(List.of(read)).get(0) instanceof Reading.Written written) {
      return written;
    }
    throw new IllegalStateException("a family with generation writes");
  }

  private static int[] ints(long[] tokens) {
    return LongStream.of(tokens).mapToInt(Math::toIntExact).toArray();
  }
}
