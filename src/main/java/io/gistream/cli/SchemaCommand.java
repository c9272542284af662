package io.gistream.cli;

import io.gistream.serde.AvroCodec;
import java.util.concurrent.Callable;
import org.apache.avro.Schema;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints a schema, to be registered or to generate code from. */
@Command(
    name = "schema",
    description = "Prints the Avro schema of what is on a topic, complete in itself.")
final class SchemaCommand implements Callable<Integer> {
  /** What a topic holds. */
  enum Subject {
    CHUNK,
    SUMMARY
  }

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "chunk|summary", description = "What is on the topic.")
  private Subject subject;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  SchemaCommand() {}

  @Override
  public Integer call() {
    Schema schema =
        switch (subject) {
          case CHUNK -> AvroCodec.chunk().schema();
          case SUMMARY -> AvroCodec.summary().schema();
        };
    spec.commandLine().getOut().println(schema);
    return GistreamCommand.OK;
  }
}
