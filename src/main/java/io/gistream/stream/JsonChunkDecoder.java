package io.gistream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gistream.avro.ChunkStatus;
import io.gistream.avro.TranscriptChunk;
import io.gistream.config.JsonInput;
import io.gistream.serde.AvroCodec;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Chunks out of JSON of any form, by pointers to their parts. Messages have no text of a chunk.
 * Reads Avro single-object encoding too, which begins as no JSON does: that is what {@code gistream
 * produce} writes, and what a masked dead letter is in when it is put back.
 */
public final class JsonChunkDecoder implements ChunkDecoder {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private static final BigDecimal MILLIS = BigDecimal.valueOf(1000);
  private static final int MOST_DIGITS = 30;

  private final JsonInput input;

  public JsonChunkDecoder(JsonInput input) {
    this.input = input;
  }

  @Override
  public TranscriptChunk decode(byte @Nullable [] key, byte[] value, Headers headers) {
    if (AvroCodec.isSingleObject(value)) {
      return AvroCodec.chunk().decode(value);
    }
    JsonNode tree = parse(value);
    return new TranscriptChunk(
        streamId(tree, key),
        sequence(tree),
        text(tree),
        speaker(tree),
        millis(tree, input.start()),
        millis(tree, input.end()),
        flag(tree, input.confirmed()).orElse(true) ? ChunkStatus.CONFIRMED : ChunkStatus.DRAFT,
        flag(tree, input.endOfStream()).orElse(false),
        Map.of());
  }

  private static JsonNode parse(byte[] value) {
    try {
      JsonNode tree = JSON.readTree(UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString());
      if (tree.isMissingNode()) {
        throw new InvalidChunkException("the value is empty, must be JSON");
      }
      return tree;
    } catch (JsonProcessingException e) {
      String at = e.getLocation() == null ? "" : " at byte " + e.getLocation().getCharOffset();
      throw new InvalidChunkException("the value is not JSON: wrong" + at);
    } catch (CharacterCodingException e) {
      throw new InvalidChunkException("the value is not UTF-8, must be JSON");
    } catch (IOException e) {
      throw new IllegalStateException("a text in memory can always be read", e);
    }
  }

  private String streamId(JsonNode tree, byte @Nullable [] key) {
    if (input.streamId().isEmpty()) {
      // a key that is null or not UTF-8 is told of by those who compare it
      return key == null ? "" : new String(key, UTF_8);
    }
    JsonNode id = tree.at(JsonPointer.compile(input.streamId()));
    if (!id.isTextual() && !id.isIntegralNumber()) {
      throw wrong(input.streamId(), "input.json.stream-id", "a text or a whole number", id);
    }
    return id.asText();
  }

  private long sequence(JsonNode tree) {
    JsonNode sequence = tree.at(JsonPointer.compile(input.sequence()));
    if (sequence.isIntegralNumber() && sequence.canConvertToLong()) {
      return sequence.longValue();
    }
    if (sequence.isTextual() && sequence.textValue().matches("[0-9]{1,18}")) {
      return Long.parseLong(sequence.textValue());
    }
    throw wrong(input.sequence(), "input.json.sequence", "a whole number", sequence);
  }

  private String text(JsonNode tree) {
    JsonNode text = tree.at(JsonPointer.compile(input.text()));
    if (!text.isTextual()) {
      throw wrong(input.text(), "input.json.text", "a text", text);
    }
    return text.textValue();
  }

  private @Nullable String speaker(JsonNode tree) {
    JsonNode speaker = optional(tree, input.speaker());
    if (speaker == null) {
      return null;
    }
    if (!speaker.isValueNode()) {
      throw wrong(input.speaker(), "input.json.speaker", "a text or a number", speaker);
    }
    return speaker.asText();
  }

  private @Nullable Long millis(JsonNode tree, String pointer) {
    JsonNode time = optional(tree, pointer);
    if (time == null) {
      return null;
    }
    BigDecimal number = number(time);
    if (number == null || number.precision() > MOST_DIGITS || Math.abs(number.scale()) > 18) {
      throw wrong(pointer, "input.json.start or .end", "a number", time);
    }
    BigDecimal millis = input.timesInSeconds() ? number.multiply(MILLIS) : number;
    try {
      return millis.setScale(0, RoundingMode.HALF_UP).longValueExact();
    } catch (ArithmeticException e) {
      throw wrong(pointer, "input.json.start or .end", "a number of this universe", time);
    }
  }

  private static @Nullable BigDecimal number(JsonNode time) {
    if (time.isNumber()) {
      return time.decimalValue();
    }
    return time.isTextual() && time.textValue().matches("-?[0-9]{1,15}(\\.[0-9]{1,9})?")
        ? new BigDecimal(time.textValue())
        : null;
  }

  private static Optional<Boolean> flag(JsonNode tree, String pointer) {
    JsonNode flag = optional(tree, pointer);
    if (flag == null) {
      return Optional.empty();
    }
    if (!flag.isBoolean()) {
      throw wrong(pointer, "input.json.confirmed or .end-of-stream", "true or false", flag);
    }
    return Optional.of(flag.booleanValue());
  }

  /** Null for what is not there, and for JSON's own null. */
  private static @Nullable JsonNode optional(JsonNode tree, String pointer) {
    if (pointer.isEmpty()) {
      return null;
    }
    JsonNode node = tree.at(JsonPointer.compile(pointer));
    return node.isMissingNode() || node.isNull() ? null : node;
  }

  private static InvalidChunkException wrong(
      String pointer, String option, String wanted, JsonNode found) {
    String what =
        found.isMissingNode()
            ? "nothing"
            : found.getNodeType().name().toLowerCase(java.util.Locale.ROOT);
    return new InvalidChunkException(
        "%s (%s) must be %s, is %s".formatted(pointer, option, wanted, what));
  }
}
