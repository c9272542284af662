package io.gistream.summary;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DisplayTextTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          um, we ship on Friday.                        | We ship on Friday.
          We, uh, ship on Friday                        | We, ship on Friday.
          And, um, Friday is fine                       | And Friday is fine.
          The, uh, budget is, erm, fixed.               | The budget is fixed.
          It grew uhhh by ummm half, hmm.               | It grew by half.
          Mm-hmm, we agree to it.                       | We agree to it.
          Mm - hmm . we agree to it .                   | We agree to it.
          It looks good, you know, on the phone.        | It looks good, on the phone.
          And, you know, Friday looks good              | And Friday looks good.
          You know, it looks good                       | It looks good.
          I mean, it was, like, huge                    | It was huge.
          It looks good, you know.                      | It looks good.
          Did we ship it, um?                           | Did we ship it?
          We have, like, several of them                | We have several of them.
          Since, like, if you ask                       | Since, if you ask.
          I'm just curious, like.                       | I'm just curious.
          It is sort of good and kind of cheap          | It is sort of good and kind of cheap.
          """)
  void fillersAreRemoved(String spoken, String shown) {
    assertThat(DisplayText.of(spoken)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          There is It's their complete system and more  | It's their complete system and more.
          We saw Lilo And Stitch on the big screen      | We saw Lilo And Stitch on the big screen.
          We'll look at the new requirements we.        | We'll look at the new requirements.
          The delay would be on the far side, and.      | The delay would be on the far side.
          Do we take the green one, or the?             | Do we take the green one?
          She knows it better than I.                   | She knows it better than I.
          At home we have a T_V _, and a recorder       | At home we have a TV, and a recorder.
          We use the infrared I_R _.                    | We use the infrared IR.
          """)
  void whatWasBrokenOffIsRemoved(String spoken, String shown) {
    assertThat(DisplayText.of(spoken)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          there was there was a vote                    | There was a vote.
          We take the the red one                       | We take the red one.
          I I think it's it's late                      | I think it's late.
          we we could, could go                         | We could go.
          I, I, I think so                              | I think so.
          I I'll do it                                  | I'll do it.
          It's - it's late                              | It's late.
          We go to… to the lab                          | We go to the lab.
          We use th- the big one                        | We use the big one.
          s- I think we can                             | I think we can.
          wh what is the ch channel                     | What is the channel.
          in the last in the last week of it            | In the last week of it.
          The remote remote control is red              | The remote control is red.
          We should th-                                 | We should.
          the remo- the remote, the remote control      | The remote control.
          That's the d                                  | That's the.
          I s I see it, well, let me Let me go          | I see it, well, let me go.
          """)
  void falseStartsAreRemoved(String spoken, String shown) {
    assertThat(DisplayText.of(spoken)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          okay . so we do n't know it .                 | Okay. so we don't know it.
          I ' m sure it 's ( maybe ) fine , is n't it ? | I'm sure it's ( maybe) fine, isn't it?
          Right., that's why we did it                  | That's why we did it.
          Acme Inc., that's who did it                  | Acme Inc., that's who did it.
          The T_F_T_ screen of the phone                | The TFT screen of the phone.
          It starts at 10 : 30 , not 3 . 5              | It starts at 10 : 30, not 3 . 5.
          """)
  void tokenisedTextIsPutTogether(String spoken, String shown) {
    assertThat(DisplayText.of(spoken)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          So, um, yeah, we ship on Friday               | We ship on Friday.
          Okay, so currently we have two                | Currently we have two.
          Yeah okay we ship it                          | We ship it.
          So we ship it                                 | We ship it.
          So far it works                               | So far it works.
          And we ship it                                | We ship it.
          But, um, we ship it                           | But, we ship it.
          Yeah, no, I agree                             | Yeah, no, I agree.
          Well, Friday.                                 | Well, Friday.
          """)
  void openingParticlesAreRemovedOnlyWhenTheyAreFillers(String spoken, String shown) {
    assertThat(DisplayText.of(spoken)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          <v Bob Smith>We <i>ship</i> it.</v>           | We ship it.
          We<00:00:01.500><c> ship</c> it               | We ship it.
          We {disfmarker} ship it {vocalsound}          | We ship it.
          [laughter] We ship [INAUDIBLE 00:12:03] it    | We ship [INAUDIBLE 00:12:03] it.
          [MUSIC PLAYING] We ship (all laugh and cheer) it | We ship it.
          ♪ We ship it ♪                                | We ship it.
          We ship (or not) array[5] if a < b and c > d  | We ship (or not) array[5] if a < b and c > d.
          >> - We ship it -                             | We ship it.
          @ reject @ we ship to a@b.c @bob              | We ship to a@b.c @bob.
          Right?, we do so                              | We do so.
          """)
  void markupIsRemoved(String spoken, String shown) {
    assertThat(DisplayText.of(spoken)).isEqualTo(shown.replace("[INAUDIBLE 00:12:03] ", ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "He said that that is very very far.",
        "She had had enough.",
        "Bye bye, and no, no, we ship.",
        "Duran Duran played in New York, New York.",
        "Dial five five five, 20 20 and 5 by 5 by 5.",
        "We go step by step by step.",
        "Whatever is new is new.",
        "It has a p value (music festival).",
        "The ER and the UM are at 5 mm of it.",
        "The pre- and post-merge phase of it.",
        "A half- or full-time job.",
        "IPhone sales fell by -5 to .5 in the U.S.",
        "I want you to know what I mean.",
        "As you know, it looks like, well, a duck.",
        "Is it done?",
        "He said “stop.”",
        "It costs $5, 3.5% of it!",
        "I think… maybe.",
        "Mr. O’Brien’s the one.",
      })
  void whatIsMeantIsKept(String sentence) {
    assertThat(DisplayText.of(sentence)).isEqualTo(sentence);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Er kommt, um zu gehen.",
        "Er schläft.",
        "Um carro novo.",
        "Nous nous sommes vus !",
        "Vous vous levez.",
        "Orang orang pergi.",
        "Das ist, äh, gut.",
        "它很好。",
        "これはテストです。",
        "यह अच्छा है।",
        "هل هو جاهز؟",
        "Ça va : c'est bien.",
        "นี่คือการทดสอบ.",
        "Привет, это это тест.",
        "می‌خواهم.",
      })
  void otherLanguagesAreLeftAlone(String sentence) {
    assertThat(DisplayText.of(sentence)).isEqualTo(sentence);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "\" object information \" it says,\"Object information\" it says.",
        "i'd add \" am walking \",I'd add \"am walking\".",
        "then i said i'm late,Then I said I'm late.",
        "iPhone sales fell,iPhone sales fell.",
        "x86 is old,x86 is old.",
        "https://a.b is it,https://a.b is it.",
        "'cause it is,'Cause it is.",
        "ǆep je tu,ǅep je tu.",
        "它很好,它很好。",
        "यह अच्छा है,यह अच्छा है।",
        "émile est là,Émile est là.",
      })
  void aSentenceBeginsAndEndsAsOneDoes(String spoken, String shown) {
    assertThat(DisplayText.of(spoken)).isEqualTo(shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "Um.",
        "uh, um...",
        "Mm-hmm.",
        "[laughter]",
        "♪♪",
        "...",
        "\u0000",
        "-",
        "\uD83D"
      })
  void nothingIsLeftOfFillers(String spoken) {
    assertThat(DisplayText.of(spoken)).isEmpty();
  }

  @Test
  void controlCharactersAreRemoved() {
    assertThat(DisplayText.of("\uFEFFWe\u0000 ship\u0007\r\n it\u001b.\uD83D"))
        .isEqualTo("We ship it.");
  }

  @Test
  void whatIsShownIsShownTheSame() {
    for (int seed = 0; seed < 15_000; seed++) {
      String spoken = new Speech(seed).sentence();

      String shown = DisplayText.of(spoken);

      assertThat(DisplayText.of(shown)).as("seed %s: <%s>", seed, spoken).isEqualTo(shown);
    }
  }

  @Test
  void noWordAndNoNumberIsMadeUp() {
    for (int seed = 0; seed < 10_000; seed++) {
      String spoken = new Speech(seed).sentence().replace("n't", "not");

      assertThat(Words.tokens(Contractions.join(Markup.strip(spoken)).replace("_", "")))
          .as("seed %s: <%s>", seed, spoken)
          .containsAll(Words.tokens(DisplayText.of(spoken).replace("_", "")));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "um ",
        "the ",
        "the the, ",
        "<i>",
        "<<i>",
        "[laughter",
        "- ",
        "you know, ",
        "(",
        "a_",
        "' s ",
        "\uD83D",
        "I I'm ",
        "<a <"
      })
  void aMegabyteOfAnythingIsRead(String unit) {
    String shown = DisplayText.of(unit.repeat(1_000_000 / unit.length()));

    assertThat(DisplayText.of(shown)).isEqualTo(shown);
  }

  /** A sentence of odd pieces, the same for the same seed. */
  private static final class Speech {
    private static final List<String> PIECES =
        List.of(
            "we",
            "We",
            "the",
            "The",
            "I",
            "I'm",
            "ship",
            "it",
            "it's",
            "um",
            "um,",
            "Um.",
            "uh",
            "er",
            "mm",
            "Mm",
            "hmm",
            "-",
            "th-",
            "the-",
            "you",
            "know,",
            "know",
            "mean,",
            "like,",
            "so,",
            "so",
            "yeah,",
            "okay,",
            "right.",
            "and",
            "and,",
            "by",
            "5",
            "five",
            "no,",
            "very",
            "that",
            ".",
            ",",
            "?",
            "!",
            "…",
            "...",
            "\"",
            "(",
            ")",
            "'",
            "'s",
            "n't",
            "do",
            "ist",
            "der",
            "und",
            "Bob",
            "Alice,",
            "<i>",
            "</i>",
            "[laughter]",
            "(laughs)",
            "{gap}",
            "♪",
            "汉字",
            "。",
            "é",
            "\u0301",
            "\uD83D\uDE00",
            "\uD83D",
            "\u0000",
            "T_F",
            "_",
            "T_",
            ".,",
            ",.",
            "x86",
            "—",
            ">>",
            "[",
            "<",
            ">",
            "$5",
            "-5",
            ".5",
            "”",
            "“",
            "/",
            "i",
            "to",
            "there",
            "was",
            "wh",
            "what");

    private final Random random;

    Speech(long seed) {
      random = new Random(seed);
    }

    String sentence() {
      double space = 0.5 + random.nextDouble();
      int alphabet = 2 + random.nextInt(PIECES.size() - 1);
      int from = random.nextInt(PIECES.size());
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(25); n > 0; n--) {
        text.append(PIECES.get((from + random.nextInt(alphabet)) % PIECES.size()));
        text.append(random.nextDouble() < space ? " " : "");
      }
      return text.toString();
    }
  }
}
