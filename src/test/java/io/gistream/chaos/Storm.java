package io.gistream.chaos;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;

/**
 * Lets the faults of a plan happen, in their order. The next one strikes while the one before may
 * still be felt; but a processor is struck only when it runs, and a broker only when every replica
 * is in sync, so that at most one broker is in trouble.
 */
final class Storm {
  private static final int POISON_BURST = 25;

  /** Beyond, the next one waits: on a slow machine nothing would ever move. */
  private static final int MOST_FELT_TOGETHER = 4;

  private static final Duration PATIENCE = Duration.ofMinutes(20);

  private final BrokerFleet brokers;
  private final ProcessorFleet processors;
  private final Feeder feeder;
  private final Recovery recovery;
  private final Admin admin;
  private final Story story;
  private final ExecutorService pool = Executors.newCachedThreadPool();

  /** What is still going on, by the processor it is about. */
  private final Map<Integer, Future<?>> processorTrouble = new HashMap<>();

  private Future<?> brokerTrouble;

  /** Processors that there are to be. */
  private int scale = ChaosOptions.PROCESSORS;

  Storm(
      BrokerFleet brokers,
      ProcessorFleet processors,
      Feeder feeder,
      Recovery recovery,
      Admin admin,
      Story story) {
    this.brokers = brokers;
    this.processors = processors;
    this.feeder = feeder;
    this.recovery = recovery;
    this.admin = admin;
    this.story = story;
  }

  void rage(List<Fault> plan) throws Exception {
    int number = 0;
    for (Fault fault : plan) {
      Wait.until(
          "the faults before are over", PATIENCE, () -> recovery.pending() < MOST_FELT_TOGETHER);
      strike(fault, ++number + "/" + plan.size());
      Thread.sleep(fault.pause().toMillis());
    }
    calm();
  }

  /** Waits until everything stopped runs again, and all brokers are whole. */
  void calm() throws Exception {
    awaitProcessors();
    awaitBrokers();
    pool.shutdown();
  }

  private void strike(Fault fault, String number) throws Exception {
    switch (fault.kind()) {
      case KILL_PROCESSOR -> {
        int target = await(fault.target() % scale);
        begin(fault, number, "processor " + target);
        trouble(
            target,
            () -> {
              processors.kill(target);
              lasts(fault);
              processors.start(target);
            });
      }
      case WIPE_STATE -> {
        int target = await(fault.target() % scale);
        begin(fault, number, "processor " + target);
        trouble(
            target,
            () -> {
              processors.kill(target);
              processors.wipe(target);
              lasts(fault);
              processors.start(target);
            });
      }
      case FREEZE_PROCESSOR -> {
        int target = await(fault.target() % scale);
        begin(fault, number, "processor " + target);
        trouble(
            target,
            () -> {
              processors.freeze(target);
              lasts(fault);
              processors.thaw(target);
            });
      }
      case RESTART_PROCESSOR -> {
        int target = await(fault.target() % scale);
        begin(fault, number, "processor " + target);
        trouble(
            target,
            () -> {
              processors.stop(target);
              lasts(fault);
              processors.start(target);
            });
      }
      case KILL_ALL_PROCESSORS -> {
        awaitProcessors();
        begin(fault, number, "processors 0 to " + (scale - 1));
        for (int i = 0; i < scale; i++) {
          int target = i;
          trouble(
              target,
              () -> {
                processors.kill(target);
                lasts(fault);
                processors.start(target);
              });
        }
      }
      case SCALE -> {
        awaitProcessors();
        begin(fault, number, "from " + scale);
        for (int i = 0; i < ChaosOptions.PROCESSORS; i++) {
          int target = i;
          if (i >= fault.target() && i < scale) {
            trouble(target, () -> processors.stop(target));
          } else if (i < fault.target() && i >= scale) {
            trouble(target, () -> processors.start(target));
          }
        }
        scale = fault.target();
      }
      case KILL_BROKER -> {
        awaitBrokers();
        begin(fault, number, "broker " + fault.target());
        brokerTrouble =
            run(
                () -> {
                  brokers.node(fault.target()).kill();
                  lasts(fault);
                  brokers.restart(fault.target());
                });
      }
      case FREEZE_BROKER -> {
        awaitBrokers();
        begin(fault, number, "broker " + fault.target());
        brokerTrouble =
            run(
                () -> {
                  brokers.node(fault.target()).freeze();
                  lasts(fault);
                  brokers.node(fault.target()).thaw();
                });
      }
      case RESTART_BROKER -> {
        awaitBrokers();
        begin(fault, number, "broker " + fault.target());
        brokerTrouble =
            run(
                () -> {
                  if (!brokers.node(fault.target()).terminate(Duration.ofSeconds(60))) {
                    story.tell("broker " + fault.target() + " did not stop within 60 s");
                    brokers.node(fault.target()).kill();
                  }
                  lasts(fault);
                  brokers.restart(fault.target());
                });
      }
      case POISON_BURST -> {
        begin(fault, number, POISON_BURST + " records");
        feeder.interject(POISON_BURST);
      }
    }
  }

  private void begin(Fault fault, String number, String target) {
    recovery.begin(fault);
    story.tell(
        "fault %s: %s on %s, backlog %d".formatted(number, fault, target, recovery.backlog()));
  }

  private static void lasts(Fault fault) throws InterruptedException {
    Thread.sleep(fault.lasts().toMillis());
  }

  /** The processor, once it runs and is not in trouble. */
  private int await(int target) throws Exception {
    Future<?> trouble = processorTrouble.get(target);
    if (trouble != null) {
      trouble.get();
    }
    processors.awaitUp(target);
    return target;
  }

  private void awaitProcessors() throws Exception {
    for (Future<?> trouble : processorTrouble.values()) {
      trouble.get();
    }
    for (int i = 0; i < scale; i++) {
      await(i);
    }
  }

  private void awaitBrokers() throws Exception {
    if (brokerTrouble != null) {
      brokerTrouble.get();
    }
    brokers.awaitWhole(admin);
  }

  private interface Step {
    void run() throws Exception;
  }

  private void trouble(int target, Step step) {
    processorTrouble.put(target, run(step));
  }

  private Future<?> run(Step step) {
    return pool.submit(
        () -> {
          step.run();
          return null;
        });
  }
}
