package io.gistream.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExtractTest {
  private static final List<String> SENTENCES =
      List.of("One two three.", "Four five.", "Six seven eight nine.");

  @Test
  void sentencesComeInTheOrderOfTheTalkAndTheLastOneTakenIsCut() {
    assertThat(Extract.of(SENTENCES, List.of(2, 0), 6)).isEqualTo("One two Six seven eight nine.");
  }

  @Test
  void nothingIsTakenOnceTheBudgetIsUsedUp() {
    assertThat(Extract.of(SENTENCES, List.of(1, 0, 2), 2)).isEqualTo("Four five.");
  }

  @Test
  void aTranscriptShorterThanTheBudgetIsTakenWhole() {
    assertThat(Extract.lead(SENTENCES, 100))
        .isEqualTo("One two three. Four five. Six seven eight nine.");
  }

  @Test
  void leadIsTheFirstWords() {
    assertThat(Extract.lead(SENTENCES, 4)).isEqualTo("One two three. Four");
    assertThat(Extract.lead(List.of(), 4)).isEmpty();
  }

  @Test
  void aRandomExtractDependsOnTheDocumentAlone() {
    var sentences = IntStream.range(0, 200).mapToObj(i -> "s" + i).toList();

    var summary = RandomSentences.summarize("meeting", sentences, 20);

    assertThat(RandomSentences.summarize("meeting", sentences, 20)).isEqualTo(summary);
    assertThat(RandomSentences.summarize("other", sentences, 20)).isNotEqualTo(summary);
    assertThat(Words.count(summary)).isEqualTo(20);
  }

  @Test
  void randomSentencesComeFromTheWholeTranscript() {
    var sentences = IntStream.range(0, 50).mapToObj(i -> "s" + i).toList();

    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      seen.addAll(Words.of(RandomSentences.summarize("document " + i, sentences, 5)));
    }

    assertThat(seen).hasSize(50);
  }
}
