package io.gistream.cli;

import io.gistream.config.GistreamOptions;
import io.gistream.config.Settings;
import io.gistream.kafka.CommittedRecords;
import io.gistream.stream.DeadLetter;
import io.gistream.stream.DeadLetter.Position;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Puts dead letters back on the topic they came from. */
@Command(
    name = "requeue",
    description = {
      "Puts dead letters back on the topic they came from: key, value, headers and timestamp are those"
          + " of the original record, and the header gistream-requeued names the dead letter.",
      "One that was put back before is left alone."
    })
final class DeadLettersRequeueCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "PARTITION OFFSET",
      arity = "0..*",
      description = "A partition of the dead letters topic, and offsets in it.")
  private List<Long> partitionAndOffsets = List.of();

  @Option(names = "--stream", paramLabel = "ID", description = "All with this key.")
  private @Nullable String stream;

  @Option(names = "--all", description = "All of them.")
  private boolean all;

  @Option(names = "--dry-run", description = "Only says what would be put back.")
  private boolean dryRun;

  @Mixin private SettingsOptions settingsOptions = new SettingsOptions();

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  DeadLettersRequeueCommand() {}

  @Override
  public Integer call() {
    int ways = (partitionAndOffsets.isEmpty() ? 0 : 1) + (stream == null ? 0 : 1) + (all ? 1 : 0);
    if (ways != 1 || partitionAndOffsets.size() == 1) {
      throw new ParameterException(
          spec.commandLine(), "name a partition and offsets in it, or --stream ID, or --all");
    }
    Settings settings = settingsOptions.load();
    Cluster.requireTopic(settings, GistreamOptions.TOPICS_DEAD_LETTERS);
    try (CommittedRecords records = Cluster.records(settings)) {
      DeadLetters letters =
          new DeadLetters(records, settings.get(GistreamOptions.TOPICS_DEAD_LETTERS));
      List<DeadLetter> chosen = choose(letters);
      return requeue(chosen, letters.requeued(chosen), settings);
    }
  }

  private List<DeadLetter> choose(DeadLetters letters) {
    if (partitionAndOffsets.isEmpty()) {
      return letters.from(0, DeadLetters.ofStream(Optional.ofNullable(stream)));
    }
    int partition = Math.toIntExact(partitionAndOffsets.get(0));
    List<DeadLetter> chosen = new ArrayList<>();
    for (long offset : partitionAndOffsets.subList(1, partitionAndOffsets.size())) {
      chosen.add(
          letters
              .at(partition, offset)
              .orElseThrow(
                  () ->
                      new CommandFailure(
                          "there is no dead letter at offset %d of partition %d; nothing was put back"
                              .formatted(offset, partition))));
    }
    return chosen;
  }

  private int requeue(List<DeadLetter> chosen, Set<Position> requeued, Settings settings) {
    PrintWriter out = spec.commandLine().getOut();
    String chunksTopic = settings.get(GistreamOptions.TOPICS_CHUNKS);
    int back = 0;
    int refused = 0;
    try (Producer<byte[], byte[]> producer = producer(settings)) {
      for (DeadLetter letter : chosen) {
        if (requeued.contains(letter.position())) {
          out.printf("%s was put back before%n", letter.position());
        } else if (letter.omitted().isPresent()) {
          out.printf(
              "%s cannot be put back, part of it was too large: %s%n",
              letter.position(), letter.omitted().get());
          refused++;
        } else {
          ProducerRecord<byte[], byte[]> record = letter.requeued(chunksTopic);
          if (!dryRun) {
            send(producer, record, letter);
          }
          out.printf(
              "%s %s topic %s%n",
              letter.position(), dryRun ? "would go back to" : "is back on", record.topic());
          back++;
        }
        out.flush();
      }
    }
    out.printf(
        "%d of %d %s%n", back, chosen.size(), dryRun ? "would be put back" : "were put back");
    out.flush();
    return refused > 0 ? GistreamCommand.FAILED : GistreamCommand.OK;
  }

  private static Producer<byte[], byte[]> producer(Settings settings) {
    Map<String, Object> config = new HashMap<>(Cluster.clientConfig(settings));
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** One after the other, so that it is known what is back should one fail. */
  private static void send(
      Producer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record, DeadLetter letter) {
    try {
      producer.send(record).get();
    } catch (ExecutionException e) {
      Throwable why = e.getCause() == null ? e : e.getCause();
      throw new CommandFailure(
          "Kafka did not take %s back on topic %s: %s"
              .formatted(letter.position(), record.topic(), why.getMessage()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted before %s was back".formatted(letter.position()), e);
    }
  }
}
