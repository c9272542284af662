package io.gistream.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gistream.avro.HeardChunk;
import io.gistream.avro.TranscriptChunk;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * What two chunks with one sequence number must share to be one chunk sent twice: text, speaker and
 * times.
 */
final class ChunkDigest {
  private ChunkDigest() {}

  static boolean same(HeardChunk heard, TranscriptChunk chunk) {
    return !heard.getLost()
        && heard.getText().equals(chunk.getText())
        && Objects.equals(heard.getSpeaker(), chunk.getSpeaker())
        && Objects.equals(heard.getStartMillis(), chunk.getStartMillis())
        && Objects.equals(heard.getEndMillis(), chunk.getEndMillis());
  }

  static boolean same(TranscriptChunk one, TranscriptChunk other) {
    return one.getText().equals(other.getText())
        && Objects.equals(one.getSpeaker(), other.getSpeaker())
        && Objects.equals(one.getStartMillis(), other.getStartMillis())
        && Objects.equals(one.getEndMillis(), other.getEndMillis());
  }

  /** CRC-32 of these parts. */
  static int of(TranscriptChunk chunk) {
    return of(chunk.getText(), chunk.getSpeaker(), chunk.getStartMillis(), chunk.getEndMillis());
  }

  /** As {@link #of(TranscriptChunk)}. */
  static int of(HeardChunk chunk) {
    return of(chunk.getText(), chunk.getSpeaker(), chunk.getStartMillis(), chunk.getEndMillis());
  }

  private static int of(
      String text, @Nullable String speaker, @Nullable Long start, @Nullable Long end) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(UTF_8));
    crc.update(0);
    crc.update(speaker == null ? new byte[] {1} : speaker.getBytes(UTF_8));
    crc.update(0);
    crc.update(time(start));
    crc.update(time(end));
    return (int) crc.getValue();
  }

  private static byte[] time(@Nullable Long millis) {
    return ByteBuffer.allocate(Long.BYTES)
        .putLong(millis == null ? Long.MIN_VALUE : millis)
        .array();
  }
}
