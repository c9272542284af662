package io.gistream.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionTest {
  private static final List<String> KNOWN =
      List.of("segment.min-tokens", "segment.max-tokens", "http.port", "http.host", "state.dir");

  @ParameterizedTest
  @CsvSource({
    "segment.min-token,segment.min-tokens",
    "segment.max_tokens,segment.max-tokens",
    "segmentMinTokens,segment.min-tokens",
    "sgement.min-tokens,segment.min-tokens",
    "http.prot,http.port",
    "port,http.port",
    "dir,state.dir"
  })
  void theNearestNameIsMeant(String typed, String meant) {
    assertThat(Suggestion.of(typed, KNOWN)).contains(meant);
  }

  @Test
  void nothingIsSuggestedFromFarAway() {
    assertThat(Suggestion.of("memory.decay", KNOWN)).isEmpty();
    assertThat(Suggestion.of("x", KNOWN)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"abc,abc,0", "abc,ab,1", "abc,abd,1", "abc,acb,1", "'',abc,3", "kitten,sitting,3"})
  void distanceCountsEditsAndSwaps(String a, String b, int expected) {
    assertThat(Suggestion.distance(a, b)).isEqualTo(expected);
    assertThat(Suggestion.distance(b, a)).isEqualTo(expected);
  }
}
