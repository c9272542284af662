package io.gistream.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionTypeTest {
  private enum Answer {
    FAIL,
    READ_AGAIN
  }

  @ParameterizedTest
  @CsvSource({"250ms,PT0.25S", "30s,PT30S", "5m,PT5M", "24h,PT24H", "7d,PT168H", "5 m,PT5M"})
  void aDurationIsANumberAndAUnit(String text, Duration expected) {
    assertThat(OptionType.duration("0s", "365d").parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "30", "s", "-1s", "1.5s", "1h30m", "30S", "366d", "99999999999d"})
  void anythingElseIsNoDuration(String text) {
    assertThatThrownBy(() -> OptionType.duration("0s", "365d").parse(text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"9", "101", "x", "", "10.0", "99999999999"})
  void aWholeNumberKeepsItsBounds(String text) {
    assertThatThrownBy(() -> OptionType.wholeNumber(10, 100).parse(text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theBoundsAreAllowed() {
    assertThat(OptionType.wholeNumber(10, 100).parse("10")).isEqualTo(10);
    assertThat(OptionType.wholeNumber(10, 100).parse("100")).isEqualTo(100);
    assertThat(OptionType.longNumber(0, Long.MAX_VALUE).parse("9223372036854775807"))
        .isEqualTo(Long.MAX_VALUE);
    assertThat(OptionType.duration("1s", "1m").parse("60000ms")).isEqualTo(Duration.ofMinutes(1));
    assertThat(OptionType.dataSize("1KiB", "1MiB").parse("1024KiB"))
        .isEqualTo(new DataSize(1 << 20));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1023B", "2MiB", "64kb", "64"})
  void aSizeKeepsItsBoundsAndUnits(String text) {
    assertThatThrownBy(() -> OptionType.dataSize("1KiB", "1MiB").parse(text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"-1,true", "1,true", "3,true", "0,false", "-2,false", "32768,false"})
  void aReplicationFactorIsPositiveOrLeftToTheBroker(String text, boolean accepted) {
    assertThat(accepts(OptionType.replicationFactor(), text)).isEqualTo(accepted);
  }

  @Test
  void onlyTrueIsTrueAndOnlyFalseIsFalse() {
    assertThat(OptionType.trueOrFalse().parse("true")).isTrue();
    assertThat(OptionType.trueOrFalse().parse("false")).isFalse();
    assertThat(accepts(OptionType.trueOrFalse(), "yes")).isFalse();
  }

  @Test
  void aChoiceIsWrittenInLowerCaseWithHyphens() {
    var type = OptionType.oneOf(Answer.class);

    assertThat(type.accepts()).isEqualTo("one of fail, read-again");
    assertThat(type.parse("read-again")).isEqualTo(Answer.READ_AGAIN);
    assertThat(accepts(type, "READ_AGAIN")).isFalse();
  }

  @Test
  void aTildeIsTheHomeDirectory() {
    var type = OptionType.path();

    assertThat(type.parse(type.expand("~/state")))
        .isAbsolute()
        .endsWithRaw(Path.of("state"))
        .isNotEqualTo(Path.of("/state"));
    assertThat(type.parse(type.expand("/a/~b"))).isEqualTo(Path.of("/a/~b"));
    assertThat(accepts(type, "")).isFalse();
  }

  @Test
  void anOptionalPathMayBeEmpty() {
    assertThat(OptionType.optionalPath().parse("")).isEmpty();
    assertThat(OptionType.optionalPath().parse("m")).isEqualTo(Optional.of(Path.of("m")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "localhost:9092;true",
        "a:1,b:2 , c:3;true",
        "[::1]:9092;true",
        "SASL_SSL://broker.example.com:9093;true",
        "localhost;false",
        "a:1,;false",
        "a:1 b:2;false",
        "::1:9092;false"
      })
  void aBrokerIsAHostAndAPort(String text, boolean accepted) {
    assertThat(accepts(GistreamOptions.BOOTSTRAP_SERVERS.type(), text)).isEqualTo(accepted);
  }

  @ParameterizedTest
  @CsvSource({"talks.v1,true", "a_b-c,true", ".,false", "..,false", "a/b,false", "'a b',false"})
  void aTopicNameIsOneThatKafkaTakes(String text, boolean accepted) {
    assertThat(accepts(GistreamOptions.TOPICS_CHUNKS.type(), text)).isEqualTo(accepted);
  }

  @Test
  void aDefaultMustBeAValueItself() {
    assertThatThrownBy(() -> Option.of("a.b", OptionType.wholeNumber(1, 2), "3", "…"))
        .hasMessage("a.b: the default '3' must be a whole number from 1 to 2");
  }

  private static boolean accepts(OptionType<?> type, String text) {
    try {
      type.parse(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
