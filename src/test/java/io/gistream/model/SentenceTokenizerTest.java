package io.gistream.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SentenceTokenizerTest {
  private static final int CLS = 101;
  private static final int SEP = 102;
  private static final int ROW_TOKENS = 64;

  private static SentenceTokenizer tokenizer;

  @BeforeAll
  static void open() {
    tokenizer =
        SentenceTokenizer.open(
            ModelPackage.read(new PackageSource.Classpath("models/" + SummaryModel.DEFAULT_MODEL)));
  }

  @AfterAll
  static void close() {
    tokenizer.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\n\t ", "\u00a0\u3000", "\0", "\uFFFD"})
  void aBlankSentenceIsARowOfTheTwoSpecialTokens(String blank) {
    assertThat(tokenizer.row(blank)).containsExactly(CLS, SEP);
    assertThat(tokenizer.count(blank)).isZero();
  }

  @Test
  void aLongSentenceIsCutAndStillClosed() {
    long[] row = tokenizer.row("word ".repeat(200));
    assertThat(row).hasSize(ROW_TOKENS).startsWith(CLS).endsWith(SEP);
    assertThat(Arrays.copyOfRange(row, 1, ROW_TOKENS - 1)).containsOnly(row[1]);
  }

  @Test
  void aSentenceThatJustFitsIsNotCut() {
    assertThat(tokenizer.row("word ".repeat(62)))
        .hasSize(ROW_TOKENS)
        .isEqualTo(tokenizer.row("word ".repeat(63)));
    assertThat(tokenizer.row("word ".repeat(61))).hasSize(ROW_TOKENS - 1);
  }

  @Test
  void ofAHugeSentenceOnlyTheBeginningIsLookedAt() {
    String start = "A meeting about rivers, " + " ".repeat(5000);
    assertThat(tokenizer.row(start + "x".repeat(1 << 20))).isEqualTo(tokenizer.row(start));
    assertThat(tokenizer.row("word ".repeat(1 << 18))).hasSize(ROW_TOKENS);
  }

  @Test
  void aHugeSentenceIsNotCutInsideACharacter() {
    String emoji = "\uD83D\uDE00";
    assertThat(tokenizer.row(" ".repeat(4095) + emoji))
        .as("the limit of 4096 characters falls between the two halves")
        .containsExactly(CLS, SEP);
    assertThat(tokenizer.row(" ".repeat(4094) + emoji)).hasSize(3);
  }

  @Test
  void aLoneSurrogateReadsAsAReplacementCharacter() {
    for (String broken : new String[] {"\uD83D", "\uDE00", "\uDE00\uD83D"}) {
      assertThat(tokenizer.row("river " + broken + " bank"))
          .isEqualTo(tokenizer.row("river \uFFFD bank"));
    }
    assertThat(tokenizer.row("a\uD83D\uDE00\uD83D")).isEqualTo(tokenizer.row("a\uD83D\uDE00"));
  }

  @Test
  void aNulIsReadLikeAnyOtherControlCharacter() {
    assertThat(tokenizer.row("ri\0ver\0")).isEqualTo(tokenizer.row("ri\u0001ver\u0002"));
    assertThat(tokenizer.row("ri\0ver")).isEqualTo(tokenizer.row("river"));
  }

  @Test
  void theCountLeavesTheSpecialTokensOut() {
    assertThat(tokenizer.count("We ship on Friday.")).isEqualTo(5);
    assertThat(tokenizer.row("We ship on Friday.")).hasSize(7);
  }

  @Test
  void aLongTextIsCountedWhole() {
    assertThat(tokenizer.count("We ship on Friday. ".repeat(10_000))).isEqualTo(50_000);
    assertThat(tokenizer.count("word\uD83D\uDE00 ".repeat(5_000)))
        .isEqualTo(5_000 * tokenizer.count("word\uD83D\uDE00"));
  }

  @Test
  void aLongTextWithoutWhiteSpaceIsCountedInBoundedTime() {
    assertThat(tokenizer.count("\uD83D\uDE00".repeat(1 << 17))).isPositive();
    assertThat(tokenizer.count("x".repeat(1 << 20))).isPositive();
  }
}
