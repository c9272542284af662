package io.gistream.cli;

import io.gistream.avro.RollingSummary;
import io.gistream.avro.TranscriptChunk;
import io.gistream.config.GistreamOptions;
import io.gistream.config.GistreamOptions.InputFormat;
import io.gistream.config.JsonInput;
import io.gistream.config.Option;
import io.gistream.config.RedactionOptions;
import io.gistream.config.RegistryOptions;
import io.gistream.config.Settings;
import io.gistream.redaction.Redactor;
import io.gistream.registry.RegistryException;
import io.gistream.registry.SchemaRegistry;
import io.gistream.serde.AvroCodec;
import io.gistream.serde.RegistryFormat;
import io.gistream.serde.ValueFormat;
import io.gistream.stream.ChunkDecoder;
import io.gistream.stream.JsonChunkDecoder;
import io.gistream.stream.RedactingDecoder;
import io.gistream.stream.TopicFormats;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;

/** What settings say about the values on the topics. */
final class Formats {
  private final Settings settings;
  private final Optional<SchemaRegistry> registry;
  private final Optional<Redactor> redactor;

  private Formats(
      Settings settings, Optional<SchemaRegistry> registry, Optional<Redactor> redactor) {
    this.settings = settings;
    this.registry = registry;
    this.redactor = redactor;
  }

  /** Throws {@link CommandFailure} when a file that an option names cannot be used. */
  static Formats of(Settings settings) {
    try {
      return new Formats(
          settings, RegistryOptions.from(settings).map(SchemaRegistry::new), redactor(settings));
    } catch (RegistryException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }

  /** What masks chunks; empty when nothing does. Throws {@link CommandFailure} as above. */
  static Optional<Redactor> redactor(Settings settings) {
    try {
      return RedactionOptions.from(settings).map(Redactor::new);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    }
  }

  /** For chunks that we write. */
  ValueFormat<TranscriptChunk> chunks() {
    if (isJson()) {
      return AvroCodec.chunk(); // read beside the JSON, and no registry is asked
    }
    return format(AvroCodec.chunk(), GistreamOptions.TOPICS_CHUNKS);
  }

  ValueFormat<RollingSummary> summaries() {
    return format(AvroCodec.summary(), GistreamOptions.TOPICS_SUMMARIES);
  }

  /** For the service, and for those that must read and write as it does. */
  TopicFormats topics() {
    ChunkDecoder decoder =
        isJson() ? new JsonChunkDecoder(JsonInput.from(settings)) : ChunkDecoder.of(chunks());
    boolean keepRejected = settings.get(GistreamOptions.REDACTION_KEEP_REJECTED);
    return new TopicFormats(
        redactor
            .<ChunkDecoder>map(masking -> new RedactingDecoder(decoder, masking, keepRejected))
            .orElse(decoder),
        summaries());
  }

  private boolean isJson() {
    return settings.get(GistreamOptions.INPUT_FORMAT) == InputFormat.JSON;
  }

  private <T extends SpecificRecord> ValueFormat<T> format(
      AvroCodec<T> codec, Option<String> topic) {
    return registry.isEmpty()
        ? codec
        : new RegistryFormat<>(codec, registry.get(), settings.get(topic));
  }
}
