package io.gistream.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gistream.avro.ChunkStatus;
import io.gistream.avro.TranscriptChunk;
import io.gistream.chaos.Message.Kind;
import io.gistream.serde.AvroCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.jspecify.annotations.Nullable;

/**
 * Endless talks of many streams, with all that goes wrong on the way to a topic: drafts, repeats,
 * gaps, disorder, late chunks, talks that end, fall silent or begin again, corrections, erasures,
 * records that are no chunks. The same seed gives the same messages in the same order.
 *
 * <p>The times are event times of an invented afternoon. No stream comes back when its silence is
 * about as long as {@code session.idle-timeout} or {@code session.retention}: which side of such a
 * boundary a record is on would depend on the other streams of its partition.
 */
final class Traffic {
  static final Duration GRACE = Duration.ofSeconds(60);
  static final Duration SEGMENT_MAX_AGE = Duration.ofMinutes(4);
  static final Duration IDLE_TIMEOUT = Duration.ofMinutes(15);
  static final Duration RETENTION = Duration.ofMinutes(45);
  static final int MAX_CHARACTERS = 4_000;

  /** How the ids of the streams begin that end it all. */
  static final String CLOSING = "closing-";

  private static final long BEGIN = Instant.parse("2026-01-05T12:00:00Z").toEpochMilli();
  private static final long SECOND = 1000;

  private final Random random;
  private final SpokenText text = SpokenText.ofTheDemo();
  private final List<Talker> talkers = new ArrayList<>();
  private final PriorityQueue<Talker> silent =
      new PriorityQueue<>(Comparator.<Talker>comparingLong(t -> t.begins).thenComparing(t -> t.id));
  private final PriorityQueue<Arrival> underWay =
      new PriorityQueue<>(
          Comparator.comparingLong(Arrival::time).thenComparingLong(Arrival::number));
  private long arrivals;
  private long now = BEGIN;
  private long latest = BEGIN;

  private record Arrival(long time, long number, Message message) {}

  /** A stream, between its talks. */
  private static final class Talker {
    final String id;

    /** When its next talk begins. */
    long begins;

    long nextSequence;

    /** Highest time of anything sent for it. */
    long last;

    Pause pause = Pause.LONG;
    boolean ended;

    Talker(String id, long begins) {
      this.id = id;
      this.begins = begins;
    }
  }

  /** How long a stream says nothing between two talks. */
  private enum Pause {
    SHORT,
    /** Longer than the idle timeout. */
    LONG,
    /** Longer than the retention. */
    VERY_LONG
  }

  Traffic(long seed, int streams) {
    this.random = new Random(seed);
    for (int i = 0; i < streams; i++) {
      Talker talker = new Talker("talk-%03d".formatted(i), BEGIN + seconds(0, 300));
      talkers.add(talker);
      silent.add(talker);
    }
  }

  /** The next message that arrives. */
  Message next() {
    while (underWay.isEmpty() || silent.peek().begins <= underWay.peek().time()) {
      Talker talker = silent.remove();
      talk(talker);
      silent.add(talker);
    }
    Arrival arrival = underWay.remove();
    now = arrival.time();
    latest = Math.max(latest, now);
    return arrival.message();
  }

  /** Messages that no processor can read, arriving now. */
  List<Message> poison(int count) {
    List<Message> messages = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Talker talker = talkers.get(random.nextInt(talkers.size()));
      long sequence = Math.max(0, talker.nextSequence - 1);
      messages.add(poison(talker, chunk(talker, sequence, text.turn(random, 2)), now));
    }
    return messages;
  }

  /**
   * One message for each partition, so much later than all before that every stream has fallen
   * silent.
   */
  List<Message> closing(Duration later) {
    latest += later.plusMinutes(1).toMillis();
    List<Message> messages = new ArrayList<>();
    for (int partition = 0; partition < ChaosOptions.PARTITIONS; partition++) {
      String id = idIn(partition, CLOSING + (latest - BEGIN));
      TranscriptChunk end =
          new TranscriptChunk(
              id, 0L, "That was it.", null, null, null, ChunkStatus.CONFIRMED, true, Map.of());
      messages.add(
          new Message(
              Kind.CLOSING, id.getBytes(UTF_8), AvroCodec.chunk().encode(end), null, latest));
    }
    return messages;
  }

  /** Erasures of the first so many streams, arriving at the end of all. */
  Map<String, Message> erasures(int count) {
    Map<String, Message> messages = new LinkedHashMap<>();
    for (Talker talker : talkers.subList(0, Math.min(count, talkers.size()))) {
      messages.put(talker.id, new Message(Kind.ERASURE, key(talker), null, null, latest));
    }
    return messages;
  }

  /** A stream id whose records go to the partition. */
  private static String idIn(int partition, String prefix) {
    return IntStream.iterate(0, i -> i + 1)
        .mapToObj(i -> prefix + "-" + i)
        .filter(
            id ->
                BuiltInPartitioner.partitionForKey(id.getBytes(UTF_8), ChaosOptions.PARTITIONS)
                    == partition)
        .findFirst()
        .orElseThrow();
  }

  private void talk(Talker talker) {
    boolean repeatsItself = talker.ended && talker.pause == Pause.SHORT && chance(0.1);
    if (repeatsItself) {
      // a talk that begins again without silence: all of it is known already
      long time = talker.begins;
      for (int sequence = 0; sequence < 3; sequence++) {
        time += seconds(5, 20);
        send(talker, time, time, Kind.DUPLICATE, chunk(talker, sequence, text.turn(random, 1)));
      }
      pause(talker, Pause.LONG);
      return;
    }
    if (talker.pause != Pause.SHORT && chance(0.7)) {
      talker.nextSequence = random.nextInt(2); // numbers begin at 0 or 1
    }
    boolean captions = chance(0.3);
    int chunks = 5 + random.nextInt(14);
    long time = talker.begins;
    for (int i = 0; i < chunks; i++) {
      time += seconds(5, 55);
      // the first ones come as they should, so that it is known when the silence was over
      say(talker, time, captions ? text.caption(random) : turn(), i < 2);
    }
    talker.ended = chance(0.6);
    if (talker.ended) {
      end(talker, time + seconds(5, 30));
    }
    if (chance(0.08)) {
      long erased = talker.begins + (long) (random.nextDouble() * (talker.last - talker.begins));
      send(talker, erased, erased, Kind.ERASURE, null);
    }
    double pause = random.nextDouble();
    pause(talker, pause < 0.5 ? Pause.SHORT : pause < 0.85 ? Pause.LONG : Pause.VERY_LONG);
  }

  private void pause(Talker talker, Pause pause) {
    talker.pause = pause;
    talker.begins =
        talker.last
            + switch (pause) {
              case SHORT -> seconds(5, 150);
              case LONG -> IDLE_TIMEOUT.toMillis() + seconds(60, 400);
              case VERY_LONG -> RETENTION.toMillis() + seconds(60, 400);
            };
  }

  private String turn() {
    double length = random.nextDouble();
    if (length < 0.02) {
      return "  ";
    }
    return text.turn(random, length < 0.9 ? 1 + random.nextInt(3) : 6 + random.nextInt(6));
  }

  /** One chunk, and what becomes of it on the way. */
  private void say(Talker talker, long time, String spoken, boolean asItShould) {
    TranscriptChunk chunk = chunk(talker, talker.nextSequence++, spoken);
    if (chance(0.25)) {
      drafts(talker, chunk, time);
    }
    double fate = asItShould ? 1 : random.nextDouble();
    long arrives = time;
    if (fate < 0.03) {
      return; // never comes
    } else if (fate < 0.06) {
      sendPoison(talker, time, chunk); // in its stead
      return;
    } else if (fate < 0.10) {
      arrives = time + seconds(70, 200);
      send(talker, arrives, chance(0.5) ? time : arrives, Kind.LATE, chunk);
    } else if (fate < 0.22) {
      arrives = time + seconds(1, 55);
      send(talker, arrives, chance(0.5) ? time : arrives, Kind.DISORDERED, chunk);
    } else {
      send(talker, time, time, Kind.CHUNK, chunk);
    }
    if (chance(0.04)) {
      long late = arrives + seconds(1, 3);
      send(talker, late, late, Kind.DRAFT_TOO_LATE, draft(chunk, spoken + " maybe"));
    }
    if (chance(0.08)) {
      long again = arrives + seconds(0, 100);
      send(talker, again, again, Kind.DUPLICATE, chunk);
    }
    if (chance(0.04)) {
      long corrected = arrives + seconds(1, 300);
      TranscriptChunk correction =
          TranscriptChunk.newBuilder(chunk).setText(text.turn(random, 2)).build();
      send(talker, corrected, corrected, Kind.CORRECTION, correction);
    }
    if (chance(0.015)) {
      sendPoison(talker, time, chunk);
    }
  }

  /** What a recogniser says before it is sure. */
  private void drafts(Talker talker, TranscriptChunk chunk, long time) {
    String[] words = chunk.getText().split(" ");
    int drafts = 1 + random.nextInt(3);
    for (int i = 0; i < drafts; i++) {
      int heard = words.length * (i + 1) / (drafts + 1);
      long arrives = time - SECOND * (drafts - i);
      String text = String.join(" ", Arrays.asList(words).subList(0, heard));
      send(talker, arrives, arrives, Kind.DRAFT, draft(chunk, text));
    }
  }

  private void end(Talker talker, long time) {
    long sequence = talker.nextSequence++;
    if (chance(0.2)) {
      long before = time - seconds(1, 4);
      send(
          talker,
          before,
          before,
          Kind.BEHIND_THE_END,
          chunk(talker, sequence + 1, text.turn(random, 1)));
    }
    TranscriptChunk end =
        TranscriptChunk.newBuilder(chunk(talker, sequence, chance(0.5) ? "" : text.turn(random, 1)))
            .setEndOfStream(true)
            .build();
    send(talker, time, time, Kind.END, end);
    if (chance(0.2)) {
      long again = time + seconds(1, 20);
      send(talker, again, again, Kind.DUPLICATE, end);
    }
  }

  private void sendPoison(Talker talker, long time, TranscriptChunk chunk) {
    arrive(time, poison(talker, chunk, time));
    talker.last = Math.max(talker.last, time);
  }

  private Message poison(Talker talker, TranscriptChunk chunk, long time) {
    byte[] key = key(talker);
    byte[] value = AvroCodec.chunk().encode(chunk);
    switch (random.nextInt(5)) {
      case 0 -> {
        byte[] noise = new byte[random.nextInt(200)];
        random.nextBytes(noise);
        return new Message(Kind.RANDOM_BYTES, key, noise, null, time);
      }
      case 1 -> {
        byte[] half = Arrays.copyOf(value, 1 + random.nextInt(value.length - 1));
        return new Message(Kind.TRUNCATED, key, half, null, time);
      }
      case 2 -> {
        int partition = random.nextInt(ChaosOptions.PARTITIONS);
        return new Message(Kind.NO_KEY, null, value, partition, time);
      }
      case 3 -> {
        Talker another = talkers.get((talkers.indexOf(talker) + 1) % talkers.size());
        return new Message(Kind.ANOTHERS_KEY, key(another), value, null, time);
      }
      default -> {
        TranscriptChunk tooLong =
            TranscriptChunk.newBuilder(chunk)
                .setText((chunk.getText() + " and so on ").repeat(MAX_CHARACTERS / 10))
                .build();
        return new Message(Kind.TOO_LONG, key, AvroCodec.chunk().encode(tooLong), null, time);
      }
    }
  }

  private TranscriptChunk chunk(Talker talker, long sequence, String spoken) {
    boolean timed = sequence % 3 != 0;
    return new TranscriptChunk(
        talker.id,
        sequence,
        spoken,
        chance(0.8) ? text.speaker(random) : null,
        timed ? sequence * 5_000 : null,
        timed ? sequence * 5_000 + 4_000 : null,
        ChunkStatus.CONFIRMED,
        false,
        Map.of());
  }

  private static TranscriptChunk draft(TranscriptChunk chunk, String text) {
    return TranscriptChunk.newBuilder(chunk).setText(text).setStatus(ChunkStatus.DRAFT).build();
  }

  private void send(
      Talker talker, long arrives, long timestamp, Kind kind, @Nullable TranscriptChunk chunk) {
    byte[] value = chunk == null ? null : AvroCodec.chunk().encode(chunk);
    arrive(arrives, new Message(kind, key(talker), value, null, timestamp));
    talker.last = Math.max(talker.last, arrives);
  }

  private void arrive(long time, Message message) {
    underWay.add(new Arrival(time, arrivals++, message));
  }

  private static byte[] key(Talker talker) {
    return talker.id.getBytes(UTF_8);
  }

  private boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  /** A time of so many seconds, in milliseconds. */
  private long seconds(int least, int most) {
    return least * SECOND + (long) (random.nextDouble() * (most - least) * SECOND);
  }
}
