package io.gistream.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gistream.avro.RollingSummary;
import io.gistream.avro.TranscriptChunk;
import io.gistream.config.SummaryOptions;
import io.gistream.fuzz.FuzzRun;
import io.gistream.model.SummaryModel;
import io.gistream.session.LocalSummarizer;
import io.gistream.session.Said;
import io.gistream.session.Talks;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.BeforeContainer;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/**
 * Hostile records, with a talk of good faith between them. {@code -Dfuzz.records=100000} gives more
 * of them, see {@link FuzzRun} for others.
 */
class HostileRecordsTest {
  private static final int RECORDS = Integer.getInteger("fuzz.records", 3_000);
  private static final int MOST = 250;
  private static final int HEALTHY_EVERY = 10;
  private static final int DRAIN_EVERY = 25;
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final String HEALTHY = "healthy";
  private static final List<TranscriptChunk> HEALTHY_TALK =
      Talks.talk(HEALTHY, 2 + MOST / HEALTHY_EVERY, 7);
  private static final SummaryOptions OPTIONS = SummaryOptions.defaults();

  private static SummaryModel model;

  /** What the healthy stream says alone, chunk by chunk. */
  private static List<List<RollingSummary>> expected;

  private static int sent;
  private static int summarised;

  @BeforeContainer
  static void askTheHealthyStreamAlone() {
    model = Talks.tinyModel();
    LocalSummarizer alone = new LocalSummarizer(HEALTHY, model, OPTIONS);
    expected = new ArrayList<>();
    for (TranscriptChunk chunk : HEALTHY_TALK) {
      long time = time(expected.size() * HEALTHY_EVERY).toEpochMilli();
      expected.add(Talks.summaries(alone.accept(new Said.Plain(chunk, time))));
    }
  }

  @AfterContainer
  static void checkThatItWasNotForNothing() {
    model.close();
    System.out.printf("%d hostile records, %d of them summarised%n", sent, summarised);
    assertThat(summarised)
        .as("told one by one; what waited is told in a final summary")
        .isGreaterThan(sent / 8);
  }

  @Provide
  Arbitrary<List<HostileRecord>> hostileRecords() {
    return HostileRecords.records(MOST, NOON);
  }

  /** Half as many records as there may be come in a try, more or less. */
  static final class EnoughTries implements AroundPropertyHook {
    @Override
    public PropertyExecutionResult aroundProperty(
        PropertyLifecycleContext context, PropertyExecutor property) {
      context.attributes().setTries(1 + RECORDS * 2 / MOST * 21 / 20);
      return property.execute();
    }
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  @AddLifecycleHook(EnoughTries.class)
  @AddLifecycleHook(FuzzRun.class)
  void everyRecordIsAccountedForAndNobodyElseIsDisturbed(
      @ForAll("hostileRecords") List<HostileRecord> records) {
    Map<String, Long> next = new HashMap<>();
    List<RollingSummary> alone = new ArrayList<>();
    try (HostileRun run = new HostileRun(HEALTHY, model, OPTIONS, NOON)) {
      for (int i = 0; i < records.size(); i++) {
        run.send(records.get(i).toRecord(next, time(i)));
        if (i % HEALTHY_EVERY == 0) {
          run.send(HEALTHY_TALK.get(i / HEALTHY_EVERY), time(i));
          alone.addAll(expected.get(i / HEALTHY_EVERY));
        }
        if (i % DRAIN_EVERY == 0) {
          run.drain();
        }
      }
      run.drain();
      assertThat(run.told()).isEqualTo(alone);
      run.checkAccounts();
      run.checkSizes(StateSizeCheck.sizes(model, OPTIONS));
      sent += records.size();
      summarised += run.summarised();
    }
  }

  /** Of those producers that have a good clock. */
  private static Instant time(int record) {
    return NOON.plusMillis(50L * (record / DRAIN_EVERY));
  }
}
