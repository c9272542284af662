package io.gistream.session;

import io.gistream.avro.TranscriptChunk;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a chunk must be to be read at all. */
public final class ChunkRules {
  /** Longest stream id in characters. */
  public static final int MAX_STREAM_ID = 256;

  /**
   * Highest sequence number: the integers every JSON reader holds exactly (RFC 8259, section 6).
   */
  public static final long MAX_SEQUENCE = (1L << 53) - 1;

  /** Longest speaker in characters: it is kept with every sentence. */
  public static final int MAX_SPEAKER = 256;

  private final int maxCharacters;

  public ChunkRules(int maxCharacters) {
    this.maxCharacters = maxCharacters;
  }

  /** Why a record cannot belong to any stream; empty when it can. */
  public Optional<String> misaddressed(@Nullable String key, TranscriptChunk chunk) {
    String id = chunk.getStreamId();
    if (key == null) {
      return Optional.of("the record has no key; the key is the stream id");
    }
    if (!key.equals(id)) {
      return Optional.of(
          "the record key is '%s' but the chunk's streamId is '%s'; both must be the stream id"
              .formatted(abbreviate(key), abbreviate(id)));
    }
    Optional<String> notAnId = notAnId(id);
    if (notAnId.isPresent()) {
      return notAnId;
    }
    if (chunk.getSequence() < 0 || chunk.getSequence() > MAX_SEQUENCE) {
      return Optional.of(
          "sequence is %d, must be 0 to %d".formatted(chunk.getSequence(), MAX_SEQUENCE));
    }
    return Optional.empty();
  }

  /** Why no stream can have this id; empty when one can. */
  public static Optional<String> notAnId(String id) {
    if (id.isBlank()) {
      return Optional.of("streamId is blank; give each talk an id of its own");
    }
    if (id.length() > MAX_STREAM_ID) {
      return Optional.of(
          "streamId has %d characters, limit %d".formatted(id.length(), MAX_STREAM_ID));
    }
    if (id.chars().anyMatch(Character::isISOControl)) {
      return Optional.of("streamId has a control character; use printable characters only");
    }
    return Optional.empty();
  }

  /** Why the text of a chunk that belongs to a stream cannot be read; empty when it can. */
  public Optional<String> unreadable(TranscriptChunk chunk) {
    int length = chunk.getText().length();
    if (length > maxCharacters) {
      return Optional.of(
          "the text has %d characters, limit %d (chunk.max-characters); send it in smaller chunks"
              .formatted(length, maxCharacters));
    }
    String speaker = chunk.getSpeaker();
    if (speaker != null && speaker.length() > MAX_SPEAKER) {
      return Optional.of(
          "the speaker has %d characters, limit %d".formatted(speaker.length(), MAX_SPEAKER));
    }
    return Optional.empty();
  }

  private static String abbreviate(String text) {
    String start = text.length() <= 64 ? text : text.substring(0, 64) + "…";
    return start.replaceAll("\\p{Cntrl}", "\ufffd"); // it goes to logs and terminals
  }
}
