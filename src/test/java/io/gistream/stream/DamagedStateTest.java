package io.gistream.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gistream.avro.RollingSummary;
import io.gistream.avro.TranscriptChunk;
import io.gistream.config.SummaryOptions;
import io.gistream.fuzz.Damage;
import io.gistream.fuzz.FuzzRun;
import io.gistream.model.SummaryModel;
import io.gistream.session.Talks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.statistics.Statistics;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.state.Stores;

/**
 * A processor that finds its stores damaged. What cannot be read stops it, and the message says
 * where; flipped bits in the files of a store do not get as far as us.
 */
class DamagedStateTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final String STREAM = "damaged";
  private static final String OTHER = "other";
  private static final List<String> STORES = List.of("sessions", "memories", "inbox");
  private static final List<TranscriptChunk> TALK = Talks.talk(STREAM, 12, 3);
  private static final List<TranscriptChunk> OTHER_TALK = Talks.talk(OTHER, 12, 4);

  /** Every chunk a segment and nearly every one a checkpoint: there is some of everything. */
  private static final SummaryOptions OPTIONS =
      SummaryOptions.defaults().withSegmentTokens(1, 96).withCheckpoints(1, 2);

  private static Path directory;
  private static int copies;
  private static SummaryModel model;
  private static final List<Stored> STORED = new ArrayList<>();
  private static Map<String, List<RollingSummary>> undamaged;

  record Stored(String store, Bytes key, byte[] value) {
    boolean isOf(String stream) {
      return new String(key.get(), UTF_8).split("\0")[0].equals(stream);
    }

    /** The sequence number in the key, or what there is in its place. */
    String place() {
      byte[] bytes = key.get();
      return Arrays.toString(
          Arrays.copyOfRange(bytes, Math.max(0, bytes.length - Long.BYTES), bytes.length));
    }

    @Override
    public String toString() {
      return store + " " + key;
    }
  }

  @BeforeContainer
  static void writeState() throws IOException {
    model = Talks.tinyModel();
    directory = Files.createTempDirectory("gistream-damaged-state");
    Path files = Files.createDirectory(directory.resolve("written"));
    try (ProcessorLife life = life(files, true)) {
      life.begin();
      for (int i = 0; i < 8; i++) {
        life.send(TALK.get(i), NOON);
        life.send(OTHER_TALK.get(i), NOON);
        life.drain();
      }
      life.send(TALK.get(10), NOON); // waits for the two before it
      life.drain();
      life.send(TALK.get(8), NOON); // is not read yet
      for (String store : STORES) {
        life.contents(store).forEach((key, value) -> STORED.add(new Stored(store, key, value)));
      }
    }
    Path copy = copy(files, directory.resolve("undamaged"));
    undamaged = goOn(copy);
    delete(copy);
    assertThat(undamaged.get(STREAM)).hasSize(3);
    for (String store : STORES) {
      assertThat(STORED).anyMatch(stored -> stored.store().equals(store) && stored.isOf(STREAM));
    }
  }

  @AfterContainer
  static void cleanUp() throws IOException {
    model.close();
    delete(directory);
  }

  private static ProcessorLife life(Path files, boolean persistent) {
    return new ProcessorLife(
        model,
        OPTIONS,
        NOON,
        files,
        persistent ? Stores::persistentKeyValueStore : Stores::inMemoryKeyValueStore);
  }

  /** What the processor says when it goes on with the files of a copy. */
  private static Map<String, List<RollingSummary>> goOn(Path files) throws IOException {
    try (ProcessorLife life = life(files, true)) {
      return goOn(life);
    }
  }

  private static Map<String, List<RollingSummary>> goOn(ProcessorLife life) {
    life.begin();
    life.send(TALK.get(9), NOON);
    life.send(OTHER_TALK.get(8), NOON);
    life.drain();
    return life.summaries();
  }

  @Provide
  Arbitrary<Stored> stored() {
    return Arbitraries.of(STORED.stream().filter(stored -> stored.isOf(STREAM)).toList());
  }

  @Provide
  Arbitrary<Damage> damages() {
    return Damage.any();
  }

  @Property(tries = 500)
  @AddLifecycleHook(FuzzRun.class)
  void whatCannotBeReadStopsWithTheStoreAndTheStream(
      @ForAll("stored") Stored damaged, @ForAll("damages") Damage damage) {
    try (ProcessorLife life = life(directory, false)) {
      for (Stored stored : STORED) {
        byte[] value = stored == damaged ? damage.of(stored.value()) : stored.value();
        life.put(stored.store(), stored.key(), value);
      }
      try {
        // another record that can be read is taken as it is: that is for checksums to see
        assertThat(goOn(life).get(OTHER)).isEqualTo(undamaged.get(OTHER));
        Statistics.collect("went on");
      } catch (DamagedStateException e) {
        Statistics.collect("stopped");
        assertThat(e)
            .hasMessageContaining("'" + damaged.store() + "'")
            .hasMessageContaining("'" + STREAM + "'");
      } catch (StateOfAnotherModelException e) {
        assertThat(e).hasMessageContaining("'" + STREAM + "'");
      } catch (IllegalStateException e) {
        assertThat(e).hasMessageContaining("stream '" + STREAM + "' cannot go on");
      }
    }
    Statistics.coverage(of -> of.check("stopped").percentage(share -> share > 25));
  }

  @Example
  void theRecordOfAnotherStreamOrChunkIsNotTakenForItsOwn() {
    List<Stored> withPlaces =
        STORED.stream()
            .filter(stored -> stored.isOf(STREAM))
            .filter(s -> !(s.store().equals("inbox") && Inbox.isOfQueued(s.key().get())))
            .toList();
    for (Stored damaged : withPlaces) {
      Stored foreign =
          STORED.stream()
              .filter(stored -> stored.store().equals(damaged.store()))
              .filter(stored -> !stored.place().equals(damaged.place()))
              .findFirst()
              .orElseThrow();
      try (ProcessorLife life = life(directory, false)) {
        STORED.forEach(stored -> life.put(stored.store(), stored.key(), stored.value()));
        life.put(damaged.store(), damaged.key(), foreign.value());
        assertThatThrownBy(() -> goOn(life))
            .as("%s in place of %s", foreign, damaged)
            .isInstanceOf(DamagedStateException.class)
            .hasMessageContaining("'" + damaged.store() + "'")
            .hasMessageContaining("'" + STREAM + "'");
      }
    }
  }

  @Example
  void theReasonGivenForStoppingIsTheDamage() {
    DamagedStateException damage =
        new DamagedStateException(
            "memories", STREAM, "why", new IllegalArgumentException("deeper"));
    assertThat(GistreamStreams.cause(new StreamsException("task 0_1", damage))).isEqualTo(damage);
    Exception other = new IllegalStateException("other");
    assertThat(GistreamStreams.cause(new StreamsException(other))).isEqualTo(other);
  }

  @Example
  void aDamagedTaskIsDeletedAndNoOther() throws IOException {
    Path application = Files.createDirectory(directory.resolve("application"));
    Path whole = copy(directory.resolve("written"), application.resolve("0_0"));
    Path damaged = copy(directory.resolve("written"), application.resolve("0_1"));
    try (Stream<Path> files = Files.walk(damaged)) {
      Path table = files.filter(file -> file.toString().endsWith(".sst")).findFirst().orElseThrow();
      byte[] bytes = Files.readAllBytes(table);
      bytes[3] ^= 1;
      Files.write(table, bytes);
    }
    LocalState.deleteDamaged(application);
    assertThat(damaged).doesNotExist();
    assertThat(goOn(whole)).isEqualTo(undamaged);
  }

  @Property(tries = 40)
  @AddLifecycleHook(FuzzRun.class)
  void aFlippedBitInAFileOfAStoreIsNoticedOrMeansNothing(
      @ForAll("shares") double which, @ForAll("flips") Damage flips) throws IOException {
    Path copy = copy(directory.resolve("written"), directory.resolve("copy-" + copies++));
    try (Stream<Path> all = Files.walk(copy)) {
      List<Path> files =
          all.filter(file -> file.toFile().length() > 0 && Files.isRegularFile(file))
              .sorted()
              .toList();
      Path file = files.get((int) (which * files.size()));
      Files.write(file, flips.of(Files.readAllBytes(file)));
      if (LocalState.isDamaged(copy)) {
        Statistics.collect("noticed at start");
        return;
      }
      assertThat(goOn(copy)).as("%s in %s", flips, file).isEqualTo(undamaged);
      Statistics.collect("means nothing");
    } catch (KafkaException e) {
      Statistics.collect("noticed when opened");
      assertThat(e).hasMessageMatching("(?s).*(sessions|memories|inbox).*");
      assertThat(e).rootCause().hasMessageNotContaining("lock hold");
    } finally {
      delete(copy);
    }
    Statistics.coverage(of -> of.check("noticed at start").percentage(share -> share > 10));
  }

  @Provide
  Arbitrary<Double> shares() {
    return Arbitraries.doubles().between(0, true, 1, false);
  }

  @Provide
  Arbitrary<Damage> flips() {
    return Damage.flips();
  }

  private static Path copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
    return to;
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
