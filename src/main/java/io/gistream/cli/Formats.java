package io.gistream.cli;

import io.gistream.avro.RollingSummary;
import io.gistream.avro.TranscriptChunk;
import io.gistream.config.GistreamOptions;
import io.gistream.config.Option;
import io.gistream.config.RegistryOptions;
import io.gistream.config.Settings;
import io.gistream.registry.RegistryException;
import io.gistream.registry.SchemaRegistry;
import io.gistream.serde.AvroCodec;
import io.gistream.serde.RegistryFormat;
import io.gistream.serde.ValueFormat;
import io.gistream.stream.ChunkDecoder;
import io.gistream.stream.TopicFormats;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;

/** What settings say about the values on the topics. */
final class Formats {
  private final Settings settings;
  private final Optional<SchemaRegistry> registry;

  private Formats(Settings settings, Optional<SchemaRegistry> registry) {
    this.settings = settings;
    this.registry = registry;
  }

  /** Throws {@link CommandFailure} when what the registry's options name cannot be used. */
  static Formats of(Settings settings) {
    try {
      return new Formats(settings, RegistryOptions.from(settings).map(SchemaRegistry::new));
    } catch (RegistryException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }

  /** For chunks that we write. */
  ValueFormat<TranscriptChunk> chunks() {
    return format(AvroCodec.chunk(), GistreamOptions.TOPICS_CHUNKS);
  }

  ValueFormat<RollingSummary> summaries() {
    return format(AvroCodec.summary(), GistreamOptions.TOPICS_SUMMARIES);
  }

  /** For the service, and for those that must read and write as it does. */
  TopicFormats topics() {
    return new TopicFormats(ChunkDecoder.of(chunks()), summaries());
  }

  private <T extends SpecificRecord> ValueFormat<T> format(
      AvroCodec<T> codec, Option<String> topic) {
    return registry.isEmpty()
        ? codec
        : new RegistryFormat<>(codec, registry.get(), settings.get(topic));
  }
}
