package io.gistream.cli;

import picocli.CommandLine.Option;

/** {@code --format}, for the commands whose result a machine may read. */
final class FormatOption {
  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "TEXT",
      description = "Output: text or json (default: text).")
  private OutputFormat format = OutputFormat.TEXT;

  OutputFormat format() {
    return format;
  }
}
