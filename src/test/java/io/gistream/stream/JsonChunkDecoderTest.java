package io.gistream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gistream.avro.ChunkStatus;
import io.gistream.avro.TranscriptChunk;
import io.gistream.config.JsonInput;
import io.gistream.config.Settings;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** JSON of any form as chunks. */
class JsonChunkDecoderTest {
  private static final String[] THEIRS = {
    "input.json.stream-id=/call/id",
    "input.json.sequence=/n",
    "input.json.text=/results/0/alternatives/0/transcript",
    "input.json.speaker=/who",
    "input.json.start=/at/from",
    "input.json.end=/at/to",
    "input.json.time-unit=seconds",
    "input.json.confirmed=/is_final",
    "input.json.end-of-stream=/last"
  };

  private static TranscriptChunk decode(String json, String... assignments) {
    JsonInput input = JsonInput.from(Settings.load(List.of(assignments), Map.of(), null));
    return new JsonChunkDecoder(input)
        .decode("call-7".getBytes(UTF_8), json.getBytes(UTF_8), new RecordHeaders());
  }

  @Test
  void theDefaultsAreTheNamesOfOurOwnFields() {
    assertThat(
            decode(
                """
                {"sequence": 3, "text": "Hi.", "speaker": "Ada", "startMillis": 1200,
                 "endMillis": 1900, "endOfStream": true, "more": {"of": ["this"]}}\
                """))
        .isEqualTo(
            new TranscriptChunk(
                "call-7", 3L, "Hi.", "Ada", 1200L, 1900L, ChunkStatus.CONFIRMED, true, Map.of()));
  }

  @Test
  void pointersReachIntoWhateverThereIs() {
    assertThat(
            decode(
                """
                {"call": {"id": 7}, "n": "12", "who": 1, "is_final": false, "last": null,
                 "at": {"from": 1.2345, "to": "2.5"},
                 "results": [{"alternatives": [{"transcript": "Zoë said \\ud83d\\ude80"}]}]}\
                """,
                THEIRS))
        .isEqualTo(
            new TranscriptChunk(
                "7",
                12L,
                "Zoë said \uD83D\uDE80",
                "1",
                1235L,
                2500L,
                ChunkStatus.DRAFT,
                false,
                Map.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"text\":\"x\"} | /sequence (input.json.sequence) must be a whole number, is nothing",
        "{\"text\":\"x\",\"sequence\":1.5} | must be a whole number, is number",
        "{\"text\":\"x\",\"sequence\":99999999999999999999} | must be a whole number",
        "{\"text\":7,\"sequence\":1} | /text (input.json.text) must be a text, is number",
        "{\"sequence\":1} | /text (input.json.text) must be a text, is nothing",
        "{\"text\":\"x\",\"sequence\":1,\"speaker\":[]} | /speaker",
        "{\"text\":\"x\",\"sequence\":1,\"startMillis\":\"soon\"} | /startMillis",
        "{\"text\":\"x\",\"sequence\":1,\"startMillis\":1e400000000} | /startMillis",
        "{\"text\":\"x\",\"sequence\":1,\"endOfStream\":1} | /endOfStream",
        "{\"text\":\"x\",\"text\":\"y\",\"sequence\":1} | not JSON",
        "{\"text\":\"secret | not JSON",
        "[] | /sequence",
        "true | /sequence",
        "{\"text\":\"secret\"} {} | not JSON",
      })
  void whatDoesNotFitIsNamedWithoutWhatWasSaid(String json, String why) {
    assertThatThrownBy(() -> decode(json))
        .isInstanceOf(InvalidChunkException.class)
        .hasMessageContaining(why)
        .hasMessageNotContaining("secret")
        .hasNoCause();
  }

  @Test
  void anEmptyValueAndOneThatIsNoTextAreNotJson() {
    assertThatThrownBy(() -> decode("")).isInstanceOf(InvalidChunkException.class);
    JsonChunkDecoder decoder = new JsonChunkDecoder(JsonInput.from(Settings.defaults()));
    assertThatThrownBy(() -> decoder.decode(null, new byte[] {(byte) 0xff}, new RecordHeaders()))
        .isInstanceOf(InvalidChunkException.class)
        .hasMessageContaining("UTF-8");
    assertThatThrownBy(() -> decode("[".repeat(100_000))).isInstanceOf(InvalidChunkException.class);
  }
}
