package io.gistream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gistream.avro.HeardChunk;
import io.gistream.fuzz.Damage;
import io.gistream.serde.AvroCodec;
import io.gistream.stream.HostileRecord.Baggage;
import io.gistream.stream.HostileRecord.Clock;
import io.gistream.stream.HostileRecord.Content;
import io.gistream.stream.HostileRecord.Key;
import io.gistream.stream.HostileRecord.Place;
import io.gistream.stream.HostileRecord.Wrapping;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;
import org.apache.kafka.common.header.Headers;

/** Records as nobody should send them. */
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
          "\u00a0no-break",
          "half \ud83d surrogate");

  /** What {@link #notUtf8} turns into bytes that are no UTF-8. */
  private static final String PLACEHOLDER = "\ue800";

  private static final List<String> PIECES =
      List.of(
          "We should ship the new release on Friday if the tests pass.",
          "The budget for the second quarter is twelve thousand euros.",
          "\u0000\u0001\u001b[31m",
          "\u202eevil\u202c",
          "\u200b\u200d\ufeff",
          "e\u0301\u0302\u0303\u0304",
          "\ud83d and \ude00 apart",
          "A b c d e f g h i j k. L m n o p q r s t u v w x y z.",
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
          "the the the the the the",
          PLACEHOLDER);

  private HostileRecords() {}

  /** Up to so many records in a row, most of them to streams that others are for too. */
  static Arbitrary<List<HostileRecord>> records(int most, Instant noon) {
    return Combinators.combine(
            Arbitraries.of(STREAMS), places(), contents(), wrappings(), clocks(noon))
        .as(HostileRecord::new)
        .list()
        .ofMaxSize(most)
        .withSizeDistribution(RandomDistribution.uniform());
  }

  /** So many times in a thousand. */
  private static <T> Tuple2<Integer, Arbitrary<? extends T>> share(
      int ofThousand, Arbitrary<? extends T> values) {
    return Tuple.of(ofThousand, values);
  }

  // places in the order

  private record Numbering(String what, LongUnaryOperator number, boolean goesOn) {}

  private static Arbitrary<Place> places() {
    Arbitrary<Numbering> numberings =
        Arbitraries.frequencyOf(
            share(785, Arbitraries.just(new Numbering("next", next -> next, true))),
            share(80, back(3)), // again, mostly with other text
            share(42, back(2000)),
            share(42, ahead(4)),
            share(42, Arbitraries.just(new Numbering("starts over", next -> 0, true))),
            share(
                4,
                Arbitraries.of(
                        -1L, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 53, (1L << 53) - 1, 1L << 40)
                    .map(number -> new Numbering("number " + number, next -> number, false))));
    return Combinators.combine(numberings, oneIn(6), oneIn(60))
        .as(
            (numbering, draft, end) ->
                new Place(numbering.what(), numbering.number(), numbering.goesOn(), draft, end));
  }

  private static Arbitrary<Numbering> back(int most) {
    return Arbitraries.integers()
        .between(0, most)
        .map(by -> new Numbering(by + " back", next -> Math.max(0, next - by), false));
  }

  private static Arbitrary<Numbering> ahead(int most) {
    return Arbitraries.integers()
        .between(0, most)
        .map(by -> new Numbering(by + " ahead", next -> next + by, true));
  }

  private static Arbitrary<Boolean> oneIn(int n) {
    return Arbitraries.frequency(Tuple.of(n - 1, false), Tuple.of(1, true));
  }

  // what is said

  private static Arbitrary<Content> contents() {
    return Combinators.combine(texts(), speakers(), numbers(), numbers(), attributes())
        .as(Content::new);
  }

  private static Arbitrary<String> texts() {
    return Arbitraries.frequencyOf(
        share(840, pieces()),
        share(140, Arbitraries.just("")),
        share(2, letters(60_000)),
        share(2, letters(90).map(word -> (word + " ").repeat(400))),
        share(2, letters(120).map(word -> (word + ".").repeat(300))),
        share(2, repeated("Yes. ", 2_000)),
        share(2, repeated("I ", 30_000)),
        share(2, repeated("?!.,;:-", 3_000)),
        share(2, repeated("\u3000", 60_000).map(blanks -> "a" + blanks + "b")),
        share(2, repeated("x", 70_000)),
        share(2, repeated("\u0301", 20_000).map(accents -> "e" + accents)),
        share(2, Arbitraries.strings().all().ofMaxLength(3_000)));
  }

  private static Arbitrary<String> pieces() {
    Arbitrary<String> between =
        Arbitraries.frequencyOf(Tuple.of(4, Arbitraries.just(" ")), Tuple.of(1, letters(120)));
    return Combinators.combine(Arbitraries.of(PIECES), between)
        .as((piece, then) -> piece + then)
        .list()
        .ofMinSize(1)
        .ofMaxSize(6)
        .map(pieces -> String.join("", pieces));
  }

  /** Up to so many letters of Latin, or of a script of three bytes each. */
  private static Arbitrary<String> letters(int most) {
    return Combinators.combine(
            Arbitraries.of('a', '\u10d0'), Arbitraries.integers().between(1, most))
        .as(
            (first, count) -> {
              StringBuilder letters = new StringBuilder(count);
              for (int i = 0; i < count; i++) {
                letters.append((char) (first + i * 7 % 26));
              }
              return letters.toString();
            });
  }

  private static Arbitrary<String> repeated(String text, int most) {
    return Arbitraries.integers().between(most / 2, most).map(text::repeat);
  }

  private static Arbitrary<String> speakers() {
    return Arbitraries.frequencyOf(
        share(750, Arbitraries.of("Speaker 0", "Speaker 1", "Speaker 2").injectNull(0.35)),
        share(80, Arbitraries.just("한".repeat(256))),
        share(80, repeated("x", 1_000)),
        share(80, Arbitraries.of("\u0000\u202e", "\udc00", PLACEHOLDER)));
  }

  private static Arbitrary<Long> numbers() {
    return Arbitraries.frequencyOf(
            Tuple.of(7, Arbitraries.longs().between(0, 10_000_000)),
            Tuple.of(3, Arbitraries.of(Long.MIN_VALUE, Long.MAX_VALUE, -1L)))
        .injectNull(0.1);
  }

  private static Arbitrary<Map<String, String>> attributes() {
    return Arbitraries.frequencyOf(
        share(985, Arbitraries.just(Map.<String, String>of())),
        share(
            3,
            Arbitraries.integers()
                .between(0, 200_000)
                .map(length -> Map.of("large", "y".repeat(length)))),
        share(
            3,
            Arbitraries.integers()
                .between(0, 50_000)
                .map(depth -> Map.of("deep", "{\"a\":[".repeat(depth)))),
        share(3, Arbitraries.integers().between(0, 5_000).map(HostileRecords::many)),
        share(3, Arbitraries.just(Map.of("", "\u0000"))),
        share(3, Arbitraries.just(Map.of(PLACEHOLDER, PLACEHOLDER))));
  }

  private static Map<String, String> many(int count) {
    Map<String, String> attributes = new java.util.TreeMap<>();
    for (int i = 0; i < count; i++) {
      attributes.put("key" + i, "value");
    }
    return Collections.unmodifiableMap(attributes);
  }

  // records

  private static Arbitrary<Wrapping> wrappings() {
    Arbitrary<Key> key = Arbitraries.<Key>just(null);
    return Arbitraries.frequencyOf(
        share(780, wrapping(key, Arbitraries.just(Damage.NONE), false)),
        share(120, wrapping(key, Damage.any(), false)),
        share(20, wrapping(key, Arbitraries.of(notUtf8(), ofAnotherKind()), false)),
        share(20, wrapping(key, Damage.noise(0, 300).map(HostileRecords::noise), false)),
        share(40, wrapping(keys(), Arbitraries.just(Damage.NONE), false)),
        share(10, wrapping(keys(), Arbitraries.just(Damage.NONE), true)),
        share(10, wrapping(key, Arbitraries.just(Damage.NONE), true)));
  }

  private static Arbitrary<Wrapping> wrapping(
      Arbitrary<Key> keys, Arbitrary<Damage> damages, boolean empty) {
    return Combinators.combine(keys, damages, headers())
        .as((key, damage, headers) -> new Wrapping(key, damage, empty, headers));
  }

  private static Damage noise(byte[] noise) {
    return new Damage(noise.length + " bytes of noise", bytes -> noise);
  }

  /** Half a surrogate pair, as Java would write it, in place of a character as long. */
  private static Damage notUtf8() {
    return new Damage(
        "not UTF-8",
        bytes -> {
          for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == (byte) 0xEE) {
              bytes[i] = (byte) 0xED;
            }
          }
          return bytes;
        });
  }

  /** A record of ours that is no chunk. */
  private static Damage ofAnotherKind() {
    return new Damage(
        "another kind of record",
        bytes ->
            AvroCodec.heardChunk()
                .encode(new HeardChunk(0L, "", null, null, null, 0L, false, 0L, List.of())));
  }

  private static Arbitrary<Key> keys() {
    return Arbitraries.oneOf(
        Damage.noise(0, 20).map(Key::new),
        Arbitraries.of(
            new Key(null),
            new Key("plain\0h\0\0\0\0\0\0".getBytes(UTF_8)),
            new Key("z".repeat(5_000).getBytes(UTF_8)),
            new Key("somebody else".getBytes(UTF_8))));
  }

  private static Arbitrary<Baggage> headers() {
    return Arbitraries.frequencyOf(
        share(950, Arbitraries.just(new Baggage("no headers", headers -> {}))),
        share(
            10,
            Arbitraries.integers()
                .between(0, 300_000)
                .map(
                    size ->
                        new Baggage(
                            "a header of " + size,
                            headers -> headers.add("baggage", new byte[size])))),
        share(
            10,
            Arbitraries.integers()
                .between(0, 2_000)
                .map(count -> new Baggage(count + " headers", headers -> add(headers, count)))),
        share(
            30,
            Arbitraries.of(
                header("traceparent", null),
                header("__streams.errors.offset", "17"),
                header("", ""),
                header("\u0000", "\u0001\u0002"),
                header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b71-01"))));
  }

  private static void add(Headers headers, int count) {
    for (int i = 0; i < count; i++) {
      headers.add("tracestate", new byte[20]);
    }
  }

  private static Baggage header(String name, String value) {
    return new Baggage(
        "header " + name,
        headers -> headers.add(name, value == null ? null : value.getBytes(UTF_8)));
  }

  private static Arbitrary<Clock> clocks(Instant noon) {
    return Arbitraries.frequencyOf(
        share(875, Arbitraries.just(new Clock("now", Instant::toEpochMilli))),
        share(50, Arbitraries.of(0L, Long.MAX_VALUE).map(at -> new Clock("at " + at, now -> at))),
        share(
            25,
            Arbitraries.integers()
                .between(0, 100_000)
                .map(days -> at(noon.plus(Duration.ofDays(days))))),
        share(
            50,
            Arbitraries.integers()
                .between(0, 20_000)
                .map(minutes -> at(noon.minus(Duration.ofMinutes(minutes))))));
  }

  private static Clock at(Instant time) {
    return new Clock("at " + time, now -> time.toEpochMilli());
  }
}
