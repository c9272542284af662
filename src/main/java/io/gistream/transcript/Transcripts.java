package io.gistream.transcript;

import io.gistream.avro.ChunkStatus;
import io.gistream.avro.TranscriptChunk;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads transcripts of many kinds as the chunks of one talk.
 *
 * <p>The chunks are numbered from 0 and {@code CONFIRMED}; the end marker is the caller's. Times
 * are kept as the file has them, also where they run backwards. Blank pieces are left out. An empty
 * file has no chunks.
 *
 * <p>JSON lines are read as they come, so that a live source can be followed; what a speech service
 * marks as not final is left out there. Other formats are read to their end first.
 *
 * <p>{@link TranscriptException} says what cannot be read, {@link UncheckedIOException} what could
 * not be fetched.
 */
public final class Transcripts {
  private Transcripts() {}

  /**
   * Reads a file, gzipped or not. Close the stream.
   *
   * @param format null to find out
   * @throws IOException when the file cannot be opened
   */
  public static Stream<TranscriptChunk> read(
      Path file, @Nullable TranscriptFormat format, String streamId) throws IOException {
    InputStream in = Files.newInputStream(file);
    try {
      return read(in, format, String.valueOf(file.getFileName()), streamId)
          .onClose(() -> close(in));
    } catch (RuntimeException e) {
      close(in);
      throw e;
    }
  }

  /**
   * Reads a source, gzipped or not; does not close it.
   *
   * @param format null to find out
   */
  public static Stream<TranscriptChunk> read(
      InputStream in, @Nullable TranscriptFormat format, String streamId) {
    return read(in, format, null, streamId);
  }

  private static Stream<TranscriptChunk> read(
      InputStream in,
      @Nullable TranscriptFormat format,
      @Nullable String fileName,
      String streamId) {
    Lines lines = Lines.of(in);
    TranscriptFormat known =
        format == null ? TranscriptFormat.detect(lines.head(), fileName) : format;
    Iterator<Turn> turns =
        known == TranscriptFormat.JSONL
            ? new LazyTurns(new JsonLines(lines))
            : turns(lines, known).iterator();
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(
            new Chunks(turns, streamId), Spliterator.ORDERED | Spliterator.NONNULL),
        false);
  }

  private static List<Turn> turns(Lines lines, TranscriptFormat format) {
    return switch (format) {
      case TEXT -> PlainText.read(lines.rest());
      case VTT, SRT -> Cues.read(lines.rest());
      case JSON -> json(String.join("\n", lines.rest()));
      case CSV -> DelimitedText.read(lines.rest());
      case ASS -> SubStation.read(lines.rest());
      case XML -> TimedText.read(String.join("\n", lines.rest()));
      case JSONL -> throw new IllegalArgumentException("read lazily");
    };
  }

  private static List<Turn> json(String text) {
    // some services answer with one text and nothing else
    List<Turn> turns = text.isBlank() ? List.of() : JsonTranscript.read(text);
    return turns.stream().flatMap(turn -> LongText.cut(turn).stream()).toList();
  }

  private static void close(InputStream in) {
    try {
      in.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class LazyTurns implements Iterator<Turn> {
    private final JsonLines lines;
    private final Deque<Turn> ready = new ArrayDeque<>();

    LazyTurns(JsonLines lines) {
      this.lines = lines;
    }

    @Override
    public boolean hasNext() {
      while (ready.isEmpty()) {
        List<Turn> next = lines.next();
        if (next == null) {
          return false;
        }
        ready.addAll(next);
      }
      return true;
    }

    @Override
    public Turn next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return ready.remove();
    }
  }

  /** Numbers the turns that say something. */
  private static final class Chunks implements Iterator<TranscriptChunk> {
    private static final int LONGEST_NAME = 128;

    /** In characters; nobody says more in one breath, and the processor takes twice as many. */
    private static final int LONGEST_TEXT = 32 * 1024;

    private final Iterator<Turn> turns;
    private final String streamId;
    private final Deque<Turn> ready = new ArrayDeque<>();
    private long sequence;

    Chunks(Iterator<Turn> turns, String streamId) {
      this.turns = turns;
      this.streamId = streamId;
    }

    @Override
    public boolean hasNext() {
      while (ready.isEmpty() && turns.hasNext()) {
        Turn turn = turns.next();
        if (turn.text().length() > LONGEST_TEXT) {
          ready.addAll(LongText.cut(turn));
        } else if (!turn.text().isBlank()) {
          ready.add(turn);
        }
      }
      return !ready.isEmpty();
    }

    @Override
    public TranscriptChunk next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Turn turn = ready.remove();
      return new TranscriptChunk(
          streamId,
          sequence++,
          wellFormed(turn.text()),
          speaker(turn.speaker()),
          turn.startMillis(),
          turn.endMillis(),
          ChunkStatus.CONFIRMED,
          false,
          Map.of());
    }

    private static @Nullable String speaker(@Nullable String name) {
      if (name == null || name.isBlank()) {
        return null;
      }
      String speaker = wellFormed(name.strip().replaceAll("[\\s\\p{Cntrl}]+", " "));
      int codePoints = speaker.codePointCount(0, speaker.length());
      return codePoints > LONGEST_NAME
          ? speaker.substring(0, speaker.offsetByCodePoints(0, LONGEST_NAME))
          : speaker;
    }

    /** Halves of surrogate pairs, which JSON can spell and UTF-8 cannot, are replaced. */
    private static String wellFormed(String text) {
      if (text.chars().noneMatch(c -> Character.isSurrogate((char) c))) {
        return text;
      }
      StringBuilder out = new StringBuilder(text.length());
      text.codePoints().forEach(c -> out.appendCodePoint(c >= 0xd800 && c <= 0xdfff ? 0xfffd : c));
      return out.toString();
    }
  }
}
