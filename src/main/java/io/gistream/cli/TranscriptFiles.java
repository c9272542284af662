package io.gistream.cli;

import io.gistream.avro.TranscriptChunk;
import io.gistream.transcript.TranscriptException;
import io.gistream.transcript.TranscriptFormat;
import io.gistream.transcript.Transcripts;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Transcripts on the command line: a file, or standard input. */
final class TranscriptFiles {
  private static final String STANDARD_INPUT = "-";

  private TranscriptFiles() {}

  /** The chunks of a transcript with the end marker on the last; at least one. */
  static List<TranscriptChunk> read(String file, @Nullable TranscriptFormat format) {
    return read(file, format, streamId(file));
  }

  static List<TranscriptChunk> read(
      String file, @Nullable TranscriptFormat format, String streamId) {
    try (Stream<TranscriptChunk> chunks = open(file, format, streamId)) {
      return withEndMarker(file, chunks);
    } catch (IOException | UncheckedIOException e) {
      throw new CommandFailure("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /** A transcript that comes with Gistream. */
  static List<TranscriptChunk> resource(String name, String streamId) {
    try (InputStream in = TranscriptFiles.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not on the class path");
      }
      return withEndMarker(name, Transcripts.read(in, TranscriptFormat.JSONL, streamId));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<TranscriptChunk> open(
      String file, @Nullable TranscriptFormat format, String streamId) throws IOException {
    if (file.equals(STANDARD_INPUT)) {
      return Transcripts.read(System.in, format, streamId);
    }
    Path path = Path.of(file);
    if (!Files.exists(path)) {
      throw new CommandFailure(file + ": no such file");
    }
    if (Files.isDirectory(path)) {
      throw new CommandFailure(file + ": is a directory; name a transcript in it");
    }
    return Transcripts.read(path, format, streamId);
  }

  private static List<TranscriptChunk> withEndMarker(String file, Stream<TranscriptChunk> stream) {
    List<TranscriptChunk> chunks;
    try {
      chunks = stream.collect(Collectors.toCollection(ArrayList::new));
    } catch (TranscriptException e) {
      throw new CommandFailure(file + ": " + e.getMessage(), e);
    }
    if (chunks.isEmpty()) {
      throw new CommandFailure(file + ": there is no talk in it");
    }
    int last = chunks.size() - 1;
    chunks.set(last, withEndMarker(chunks.get(last)));
    return chunks;
  }

  /** The name of the file without its ending. */
  static String streamId(String file) {
    if (file.equals(STANDARD_INPUT)) {
      return "stdin";
    }
    Path name = Path.of(file).getFileName();
    String text = name == null ? file : name.toString();
    int dot = text.lastIndexOf('.');
    return dot > 0 ? text.substring(0, dot) : text;
  }

  private static TranscriptChunk withEndMarker(TranscriptChunk chunk) {
    return new TranscriptChunk(
        chunk.getStreamId(),
        chunk.getSequence(),
        chunk.getText(),
        chunk.getSpeaker(),
        chunk.getStartMillis(),
        chunk.getEndMillis(),
        chunk.getStatus(),
        true,
        Map.copyOf(chunk.getAttributes()));
  }
}
