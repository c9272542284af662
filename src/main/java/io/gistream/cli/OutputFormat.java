package io.gistream.cli;

/** How a command prints its result: for people, or as one JSON object. */
enum OutputFormat {
  TEXT,
  JSON
}
