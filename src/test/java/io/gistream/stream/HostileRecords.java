package io.gistream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gistream.avro.ChunkStatus;
import io.gistream.avro.TranscriptChunk;
import io.gistream.serde.AvroCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;

/** Records as nobody should send them, the same ones for the same seed. */
final class HostileRecords {
  private static final List<String> STREAMS =
      List.of(
          "plain",
          "with space",
          "emoji 😀",
          "\u202eright to left",
          "\u200bzero width",
          "x".repeat(256),
          "한".repeat(256),
          "a/b?c#d%00",
          "'; drop table talks; --",
          "..",
          "{json}",
          "\u00a0no-break");

  private static final List<String> PIECES =
      List.of(
          "We should ship the new release on Friday if the tests pass.",
          "The budget for the second quarter is twelve thousand euros.",
          "\u0000\u0001\u001b[31m",
          "\u202eevil\u202c",
          "\u200b\u200d\ufeff",
          "e\u0301\u0302\u0303\u0304",
          "？！。。。",
          "...!!!???",
          "(((((([[[[[[{{{{{{",
          "<c><v Bob></c>",
          "@ @ @",
          "--- --- ---",
          "👩‍👩‍👧‍👦🇩🇪🇩🇪",
          "مرحبا بالعالم هذا اجتماع مهم جدا اليوم.",
          "我们 今天 讨论 下一季度 的 预算。我们同意增加百分之十二。",
          "நாங்கள் வெள்ளிக்கிழமை புதிய பதிப்பை வெளியிடுகிறோம்.",
          "1234567890 1e308 -0 NaN 0x7f",
          "Mr. A. B. C. D. e.g. i.e. etc.",
          "\u00a0\u2003\u3000",
          "\r\n\t\u000b\u2028",
          "uh um er you know I mean like",
          "the the the the the the");

  private final Random random;
  private final Instant noon;
  private final AvroCodec<TranscriptChunk> codec = AvroCodec.chunk();
  private final Map<String, Long> nextSequence = new LinkedHashMap<>();

  HostileRecords(long seed, Instant noon) {
    this.random = new Random(seed);
    this.noon = noon;
  }

  /**
   * The next record.
   *
   * @param now the clock of those producers that have a good one
   */
  TestRecord<byte[], byte[]> next(Instant now) {
    byte[] key;
    byte[] value;
    int kind = random.nextInt(100);
    TranscriptChunk chunk = chunk();
    key = chunk.getStreamId().getBytes(UTF_8);
    value = codec.encode(chunk);
    if (kind < 12) {
      value = damaged(value);
    } else if (kind < 16) {
      value = bytes(random.nextInt(300));
    } else if (kind < 20) {
      key = wrongKey();
    } else if (kind < 22) {
      value = null;
      if (random.nextBoolean()) {
        key = wrongKey();
      } else {
        nextSequence.remove(chunk.getStreamId());
      }
    }
    return new TestRecord<>(key, value, headers(), time(now));
  }

  // chunks

  private TranscriptChunk chunk() {
    String stream = STREAMS.get(random.nextInt(STREAMS.size()));
    return new TranscriptChunk(
        stream,
        sequence(stream),
        text(),
        speaker(),
        number(),
        number(),
        random.nextInt(6) == 0 ? ChunkStatus.DRAFT : ChunkStatus.CONFIRMED,
        random.nextInt(60) == 0,
        attributes());
  }

  private long sequence(String stream) {
    long next = nextSequence.getOrDefault(stream, 0L);
    switch (random.nextInt(24)) {
      case 0, 1 -> {
        return Math.max(0, next - random.nextInt(4)); // again, mostly with other text
      }
      case 2 -> {
        return Math.max(0, next - random.nextInt(2000));
      }
      case 3 -> {
        return next + random.nextInt(5);
      }
      case 4 -> nextSequence.put(stream, 0L); // the producer starts over
      default -> {}
    }
    if (random.nextInt(400) == 0) {
      return List.of(-1L, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 53, (1L << 53) - 1, 1L << 40)
          .get(random.nextInt(6));
    }
    nextSequence.put(stream, next + 1);
    return next;
  }

  private String text() {
    int kind = random.nextInt(600);
    return switch (kind) {
      case 0 -> letters(60_000);
      case 1 -> (letters(90) + " ").repeat(400);
      case 2 -> "Yes. ".repeat(2_000);
      case 3 -> (letters(120) + ".").repeat(300);
      case 4 -> "?!.,;:-".repeat(3_000);
      case 5 -> "a" + "\u3000".repeat(60_000) + "b";
      case 6 -> "x".repeat(70_000);
      case 7 -> "e" + "\u0301".repeat(20_000);
      case 8 -> randomText(3_000);
      default -> {
        if (kind < 90) {
          yield "";
        }
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i >= 0; i--) {
          text.append(PIECES.get(random.nextInt(PIECES.size())));
          text.append(random.nextInt(5) == 0 ? letters(1 + random.nextInt(120)) : " ");
        }
        yield text.toString();
      }
    };
  }

  /** Letters of a script of three bytes each, those of Latin, or both. */
  private String letters(int count) {
    char first = random.nextBoolean() ? 'a' : '\u10d0';
    StringBuilder text = new StringBuilder(count);
    for (int i = 0; i < count; i++) {
      text.append((char) (first + random.nextInt(26)));
    }
    return text.toString();
  }

  private String randomText(int most) {
    int length = random.nextInt(most);
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      int codePoint = random.nextInt(random.nextBoolean() ? 0x3000 : Character.MAX_CODE_POINT + 1);
      text.appendCodePoint(codePoint); // half surrogates among them: encoded as question marks
      if (random.nextInt(7) == 0) {
        text.append(' ');
      }
    }
    return text.toString();
  }

  private String speaker() {
    return switch (random.nextInt(12)) {
      case 0 -> "한".repeat(256);
      case 1 -> "x".repeat(257 + random.nextInt(1000));
      case 2 -> "\u0000\u202e";
      case 3, 4, 5 -> null;
      default -> "Speaker " + random.nextInt(3);
    };
  }

  private Long number() {
    return switch (random.nextInt(10)) {
      case 0 -> Long.MIN_VALUE;
      case 1 -> Long.MAX_VALUE;
      case 2 -> -1L;
      case 3 -> null;
      default -> (long) random.nextInt(10_000_000);
    };
  }

  private Map<String, String> attributes() {
    Map<String, String> attributes = new LinkedHashMap<>();
    switch (random.nextInt(300)) {
      case 0 -> attributes.put("large", "y".repeat(200_000));
      case 1 -> {
        for (int i = 0; i < 5_000; i++) {
          attributes.put("key" + i, "value");
        }
      }
      case 2 -> attributes.put("", "\u0000");
      default -> {}
    }
    return attributes;
  }

  // records

  private byte[] damaged(byte[] value) {
    byte[] damaged = value.clone();
    switch (random.nextInt(5)) {
      case 0 -> {
        return Arrays.copyOf(damaged, random.nextInt(damaged.length));
      }
      case 1 -> {
        return Arrays.copyOf(damaged, damaged.length + 1 + random.nextInt(50));
      }
      case 2 -> damaged[2 + random.nextInt(8)] ^= (byte) (1 << random.nextInt(8));
      default -> {
        for (int i = random.nextInt(4); i >= 0; i--) {
          damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
        }
      }
    }
    return damaged;
  }

  private byte[] wrongKey() {
    return switch (random.nextInt(6)) {
      case 0 -> null;
      case 1 -> new byte[0];
      case 2 -> bytes(1 + random.nextInt(20));
      case 3 -> "plain\0h\0\0\0\0\0\0".getBytes(UTF_8);
      case 4 -> "z".repeat(5_000).getBytes(UTF_8);
      default -> "somebody else".getBytes(UTF_8);
    };
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private Headers headers() {
    RecordHeaders headers = new RecordHeaders();
    switch (random.nextInt(100)) {
      case 0 -> headers.add("baggage", bytes(300_000));
      case 1 -> {
        for (int i = 0; i < 2_000; i++) {
          headers.add("tracestate", bytes(20));
        }
      }
      case 2 -> headers.add("traceparent", (byte[]) null);
      case 3 -> headers.add("__streams.errors.offset", "17".getBytes(UTF_8));
      case 4 -> headers.add("", new byte[0]).add("\u0000", bytes(3));
      case 5 ->
          headers.add(
              "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b71-01".getBytes(UTF_8));
      default -> {}
    }
    return headers;
  }

  private long time(Instant now) {
    return switch (random.nextInt(40)) {
      case 0 -> 0;
      case 1 -> Long.MAX_VALUE;
      case 2 -> noon.plus(Duration.ofDays(random.nextInt(100_000))).toEpochMilli();
      case 3, 4 -> noon.minus(Duration.ofMinutes(random.nextInt(20_000))).toEpochMilli();
      default -> now.toEpochMilli();
    };
  }
}
