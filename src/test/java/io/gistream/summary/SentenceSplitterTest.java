package io.gistream.summary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SentenceSplitterTest {

  @Test
  void aSentenceRunsOverUtterancesOfOneSpeaker() {
    var sentences = split("A: We will ship", "A: on Friday. And", "A: then rest.");

    assertThat(sentences)
        .containsExactly(
            new SpokenSentence("We will ship on Friday.", 0, 1, 11, true),
            new SpokenSentence("And then rest.", 1, 2, 10, true));
  }

  @Test
  void anotherSpeakerEndsASentence() {
    assertThat(split("A: I think we", "B: Friday", "A: yes"))
        .containsExactly(
            new SpokenSentence("I think we", 0, 0, 10, true),
            new SpokenSentence("Friday", 1, 1, 6, true),
            new SpokenSentence("yes", 2, 2, 3, false));
  }

  @Test
  void aSpeakerWhoSaysNothingEndsNothing() {
    assertThat(texts(split("A: I think we", "B:   ", "A: ship it.")))
        .containsExactly("I think we ship it.");
  }

  @Test
  void whatNothingEndsIsNotComplete() {
    var sentences = split("A: It works. Now we", "A: only have to");

    assertThat(sentences).extracting(SpokenSentence::complete).containsExactly(true, false);
    assertThat(sentences.get(1).text()).isEqualTo("Now we only have to");
  }

  @Test
  void whiteSpaceIsCollapsedAndAroundTheEndBelongsToTheSentence() {
    assertThat(split("A: \t One\u00a0 two.  \n  Three. \n"))
        .containsExactly(
            new SpokenSentence("One two.", 0, 0, 16, true),
            new SpokenSentence("Three.", 0, 0, 24, true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Mr. Smith and Dr. Jones met Prof. Brown on St. James Street.",
        "We compared it vs. the old one, e.g. the tables, i.e. all of them.",
        "See No. 5 and Fig. 3 of Vol. 2 for that.",
        "Acme Inc. and Widgets Ltd. merged at 5 p.m. in the U.S. Senate.",
        "J. R. R. Tolkien and George W. Bush never met.",
        "Version 2.0.1 costs 3.50 at https://example.com/a.b?c=d. today.",
        "1. First we test it.",
        "Mr . Smith said so .",
        "He said \"stop.\"",
        "Is it (or was it) done?!",
      })
  void aSentenceIsNotTornApart(String sentence) {
    String expected = sentence.replace("d. today", "d today");

    assertThat(texts(split("A: " + expected + " Next one.")))
        .containsExactly(expected, "Next one.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Is it ready? | No. | We need 5 more.",
        "He and I. | They left.",
        "We buy nuts, bolts, etc. | Then we build.",
        "I prefer plan B. | We should do it.",
        "He said “stop.” | She (did not.) | Fine…  | Okay!",
        "okay . | so we go .",
        "Wait... | What?! | Never!!! | Because I… | yeah.",
        "它很好。| 我们走吧！| 真的吗？| 「是的。」| 好",
        "यह अच्छा है। | हम चलें। | ठीक।",
        "هل هو جاهز؟ | نعم.",
      })
  void aSentenceEndsWhereItsMarkSaysSo(String marked) {
    String[] expected = marked.split("\\s*\\|\\s*");

    assertThat(texts(split("A: " + marked.replace("|", "")))).containsExactly(expected);
  }

  @Test
  void wideStopsNeedNoWhiteSpace() {
    assertThat(texts(split("A: 它很好。我们走吧！！「好。」行"))).containsExactly("它很好。", "我们走吧！！", "「好。」", "行");
  }

  @Test
  void aMarkWithoutAWordIsNoSentence() {
    assertThat(texts(split("A: Really?! ... ! So it is.")))
        .containsExactly("Really?!", "... ! So it is.");
  }

  @Test
  void aTitleAtTheEndOfAnUtteranceWaitsForItsName() {
    assertThat(texts(split("A: I met Dr.", "A: Jones at 5 p.m.", "A: We talked.")))
        .containsExactly("I met Dr. Jones at 5 p.m.", "We talked.");
  }

  @Test
  void aLongSentenceIsCutAtItsLastLateComma() {
    String text = words(10) + ", " + words(12) + ", " + words(8) + " – " + words(20);

    var sentences = texts(split("A: " + text));

    assertThat(sentences).first().asString().endsWith("–");
    assertThat(sentences.get(0).split(" ")).hasSize(31);
    assertThat(sentences.get(1).split(" ")).hasSize(20);
  }

  @Test
  void aLongSentenceWithoutCommaIsCutAtAnUtterance() {
    assertThat(split("A: " + words(10), "A: " + words(10), "A: " + words(10), "A: " + words(15)))
        .extracting(SpokenSentence::lastUtterance, SpokenSentence::complete)
        .containsExactly(tuple(2, true), tuple(3, false));
  }

  @Test
  void aLongSentenceWithoutAnythingIsCutBehindWordForty() {
    var sentences = split("A: " + words(100));

    assertThat(sentences).extracting(s -> s.text().split(" ").length).containsExactly(40, 40, 20);
    assertThat(sentences).extracting(SpokenSentence::complete).containsExactly(true, true, false);
  }

  @Test
  void anEndlessWordIsCutBetweenCharacters() {
    String astral = "\uD83D\uDE00";
    String accented = "e\u0301\u0323";
    for (String unit : List.of("a", astral, accented, "汉", "\uD83C\uDDEB\uD83C\uDDF7")) {
      var sentences = texts(split("A: " + unit.repeat(5000)));

      assertThat(sentences)
          .allSatisfy(
              s -> assertThat(s).startsWith(unit).endsWith(unit).hasSizeLessThanOrEqualTo(800));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a", ". ", "! ", ".", "e\u0301", "\u0301", "\"", "' ", "Mr. ", "a.", "。", "」",
            "\uD83D\uDE00",
        "\uD83D", " ", "\n", "A. B ", "1. ", "…", "… a", "a,b ", "e.g. ", "((", "x, ", "\u200d",
            "汉，"
      })
  void aMegabyteOfAnythingTakesLittleTime(String unit) {
    String text = unit.repeat(1_000_000 / unit.length());

    var sentences = SentenceSplitter.split(List.of(new Utterance(text, "A")));

    assertThat(sentences).allSatisfy(s -> assertThat(s.text().length()).isLessThanOrEqualTo(800));
    assertThat(letters(sentences)).isEqualTo(letters(text));
  }

  @Test
  void manyEmptyUtterancesTakeLittleTime() {
    List<Utterance> utterances = new ArrayList<>();
    for (int i = 0; i < 200_000; i++) {
      utterances.add(new Utterance(i % 10 == 0 ? "a" : " ", i % 7 == 0 ? null : "A"));
    }

    assertThatCode(() -> SentenceSplitter.split(utterances)).doesNotThrowAnyException();
  }

  @Test
  void noUtteranceIsNoSentence() {
    assertThat(SentenceSplitter.split(List.of())).isEmpty();
    assertThat(split("A: ", "B: \n")).isEmpty();
  }

  @Test
  void everyCharacterIsInExactlyOneSentence() {
    for (int seed = 0; seed < 2000; seed++) {
      List<Utterance> utterances = new Talk(seed).utterances();

      var sentences = SentenceSplitter.split(utterances);

      String said = utterances.stream().map(Utterance::text).collect(Collectors.joining(" "));
      assertThat(letters(sentences)).as("seed %s", seed).isEqualTo(letters(said));
      assertThat(sentences.stream().limit(Math.max(0, sentences.size() - 1)))
          .as("seed %s", seed)
          .allMatch(SpokenSentence::complete);
    }
  }

  @Test
  void whatIsReadLaterIsReadTheSame() {
    for (int seed = 0; seed < 500; seed++) {
      List<Utterance> utterances = new Talk(seed).utterances();
      var whole = SentenceSplitter.split(utterances);
      for (int cut = 0; cut < whole.size(); cut++) {
        SpokenSentence last = whole.get(cut);
        int u = last.lastUtterance();
        Utterance divided = utterances.get(u);
        List<Utterance> before = new ArrayList<>(utterances.subList(0, u));
        before.add(new Utterance(divided.text().substring(0, last.endOffset()), divided.speaker()));
        List<Utterance> after = new ArrayList<>(utterances.subList(u, utterances.size()));
        after.set(0, new Utterance(divided.text().substring(last.endOffset()), divided.speaker()));

        List<String> parts = new ArrayList<>(texts(SentenceSplitter.split(before)));
        parts.addAll(texts(SentenceSplitter.split(after)));

        assertThat(parts).as("seed %s, cut %s", seed, cut).isEqualTo(texts(whole));
      }
    }
  }

  @Test
  void aCompleteSentenceStaysWhatItIsWhateverFollows() {
    for (int seed = 0; seed < 2000; seed++) {
      List<Utterance> utterances = new Talk(seed).utterances();
      var whole = SentenceSplitter.split(utterances);
      for (int heard = 1; heard < utterances.size(); heard++) {
        var complete =
            SentenceSplitter.split(utterances.subList(0, heard)).stream()
                .filter(SpokenSentence::complete)
                .toList();

        assertThat(whole.subList(0, complete.size()))
            .as("seed %s, heard %s", seed, heard)
            .isEqualTo(complete);
      }
    }
  }

  /** A talk of odd pieces, the same for the same seed. */
  private static final class Talk {
    private static final List<String> PIECES =
        List.of(
            "we",
            "ship",
            "on",
            "Friday",
            "Mr.",
            "Dr",
            "No.",
            "5",
            "etc.",
            "The",
            "U.S.",
            "B.",
            ".",
            "?",
            "!",
            "…",
            "...",
            ",",
            ";",
            "-",
            "okay.",
            "\"yes.\"",
            "(no)",
            "。",
            "汉字",
            "，",
            "」",
            "\uD83D\uDE00",
            "e\u0301",
            "a".repeat(150),
            "汉".repeat(130),
            "\u00a0",
            "\t",
            " ",
            "  ",
            "\uD83D",
            "\u0301",
            "1.",
            "3.14",
            "x",
            "y",
            "z",
            "u",
            "v",
            "I.");

    private final Random random;

    Talk(long seed) {
      random = new Random(seed);
    }

    List<Utterance> utterances() {
      double space = random.nextDouble();
      int most = 1 + random.nextInt(60);
      return IntStream.range(0, 1 + random.nextInt(8))
          .mapToObj(
              i -> {
                StringBuilder text = new StringBuilder();
                for (int n = random.nextInt(most); n > 0; n--) {
                  text.append(PIECES.get(random.nextInt(PIECES.size())));
                  text.append(random.nextDouble() < space ? " " : "");
                }
                return new Utterance(text.toString(), random.nextInt(4) == 0 ? null : "A");
              })
          .toList();
    }
  }

  private static String letters(List<SpokenSentence> sentences) {
    return letters(String.join("", texts(sentences)));
  }

  private static String letters(String text) {
    StringBuilder letters = new StringBuilder(text.length());
    text.codePoints().filter(c -> !Words.isSpace(c)).forEach(letters::appendCodePoint);
    return letters.toString();
  }

  private static String words(int count) {
    return IntStream.range(0, count).mapToObj(i -> "word").collect(Collectors.joining(" "));
  }

  private static List<String> texts(List<SpokenSentence> sentences) {
    return sentences.stream().map(SpokenSentence::text).toList();
  }

  private static List<SpokenSentence> split(String... utterances) {
    List<Utterance> said = new ArrayList<>();
    for (String utterance : utterances) {
      said.add(new Utterance(utterance.substring(3), utterance.substring(0, 1)));
    }
    return SentenceSplitter.split(said);
  }
}
