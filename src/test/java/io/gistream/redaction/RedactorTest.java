package io.gistream.redaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gistream.avro.ChunkStatus;
import io.gistream.avro.TranscriptChunk;
import io.gistream.config.RedactionOptions;
import io.gistream.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is masked, and what only looks like it. */
class RedactorTest {
  @TempDir private Path directory;

  private static Redactor redactor(String... assignments) {
    Settings settings = Settings.load(List.of(assignments), Map.of(), null);
    return new Redactor(RedactionOptions.from(settings).orElseThrow());
  }

  private static String all(String text) {
    return redactor("redaction.patterns=email,phone,card").apply(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Write to ada.lovelace+x@mail.example.co.uk, please. | Write to [email], please.",
        "zoë@bücher.example and o'neil@example.com | [email] and [email]",
        "Card 4111 1111 1111 1111 12/26 | Card [card] 12/26",
        "4111-1111-1111-1111 | [card]",
        "It is 378282246310005. | It is [card].",
        "cards 4111111111111111 5500005555555559 | cards [card] [card]",
        "call +49 30 901820 now | call [phone] now",
        "call (415) 555-2671 or 415-555-2671 | call [phone] or [phone]",
        "0049 (0) 171 1234567 | [phone]",
        "ring 030 90182000 | ring [phone]",
      })
  void whatIsToBeMaskedIs(String text, String masked) {
    assertThat(all(text)).isEqualTo(masked);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "We meet at 10:30 on 2026-11-26 in room 4.",
        "EIP-4844 and EIP-7928, 2024-2025, version 1.28.0",
        "order 4111 1111 1111 1112 has no check digit that fits",
        "0000 0000 0000 0000",
        "Revenue was 1 234 567 890 euros, up 12.5 percent.",
        "@ada said it at example dot com",
        "gas 30000000 of 45000000",
        ""
      })
  void whatOnlyLooksLikeItIsNot(String text) {
    assertThat(all(text)).isSameAs(text);
  }

  @Test
  void kindsThatAreNotAskedForStay() {
    String text = "ada@example.com 4111111111111111";
    assertThat(redactor("redaction.patterns=card").apply(text)).isEqualTo("ada@example.com [card]");
    assertThat(RedactionOptions.from(Settings.defaults())).isEmpty();
  }

  @Test
  void expressionsOfOnesOwnAreNamed() throws IOException {
    Path file = directory.resolve("masks");
    Files.writeString(file, "# ours\n\nticket  (?i)\\bsup-[0-9]+\\b\ncost [$][0-9]+\n");
    assertThat(redactor("redaction.expressions=" + file).apply("See SUP-42, it is $9 now"))
        .isEqualTo("See [ticket], it is [cost] now");
  }

  @Test
  void everythingThatIsWrongInTheFileIsSaidAtOnce() throws IOException {
    Path file = directory.resolve("masks");
    Files.writeString(file, "a (\nNoName x\nb x*\nc (?=y)\n");
    assertThatThrownBy(() -> redactor("redaction.expressions=" + file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("line 1")
        .hasMessageContaining("line 2")
        .hasMessageContaining("line 3: matches the empty text")
        .hasMessageContaining("line 4");
    assertThatThrownBy(() -> redactor("redaction.expressions=" + directory.resolve("missing")))
        .hasMessageContaining("missing");
  }

  @Test
  @Timeout(300)
  void noTextTakesForEver() throws IOException {
    Path file = directory.resolve("masks");
    Files.writeString(file, "bomb (a+)+b\n");
    Redactor redactor =
        redactor("redaction.patterns=email,phone,card", "redaction.expressions=" + file);
    for (String unit : List.of("a", "1", "1 ", "0", "+1", "a@", "4111 ", "(1", "é")) {
      redactor.apply(unit.repeat(100_000 / unit.length()));
    }
  }

  @Test
  void textSpeakerAndAttributesOfAChunkAreMasked() {
    TranscriptChunk chunk =
        new TranscriptChunk(
            "t",
            1L,
            "I am ada@example.com",
            "ada@example.com",
            1L,
            null,
            ChunkStatus.DRAFT,
            true,
            Map.of("from", "ada@example.com"));
    assertThat(redactor("redaction.patterns=email").apply(chunk))
        .isEqualTo(
            new TranscriptChunk(
                "t",
                1L,
                "I am [email]",
                "[email]",
                1L,
                null,
                ChunkStatus.DRAFT,
                true,
                Map.of("from", "[email]")));
  }
}
