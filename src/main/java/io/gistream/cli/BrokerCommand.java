package io.gistream.cli;

import io.gistream.kafka.EmbeddedBroker;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * A broker in a process of its own, for benchmarks: says where it listens and runs until its
 * standard input ends, which it does when whoever started it is gone.
 */
@Command(
    name = "broker",
    hidden = true,
    description = "Runs a Kafka broker of one node until standard input ends; for benchmarks.")
final class BrokerCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the spec
  BrokerCommand() {}

  @Override
  public Integer call() throws IOException {
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      PrintWriter out = spec.commandLine().getOut();
      out.println(broker.bootstrapServers());
      out.flush();
      while (System.in.read() >= 0) {
        // nothing is expected but the end
      }
    }
    return GistreamCommand.OK;
  }
}
