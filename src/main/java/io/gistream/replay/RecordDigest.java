package io.gistream.replay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A record of the summaries topic in 24 bytes, so that a topic can be kept in memory.
 *
 * @param id of the event it tells of: 64 bits of the digest of its {@code ce_id}
 * @param high of value, timestamp, and the headers that depend on the input alone
 * @param low the other half of it
 */
public record RecordDigest(long id, long high, long low) {
  static final String ID_HEADER = "ce_id";

  static RecordDigest of(byte @Nullable [] value, long timestamp, Headers headers) {
    MessageDigest digest = sha256();
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(timestamp).flip());
    for (Header header : headers) {
      if (isOurs(header.key())) {
        update(digest, header.key().getBytes(UTF_8));
        update(digest, header.value());
      }
    }
    update(digest, value);
    ByteBuffer bytes = ByteBuffer.wrap(digest.digest());
    return new RecordDigest(idOf(value, timestamp, headers), bytes.getLong(), bytes.getLong());
  }

  private static long idOf(byte @Nullable [] value, long timestamp, Headers headers) {
    if (value == null) {
      return idOf("erased-" + timestamp); // a tombstone has no headers
    }
    Header id = headers.lastHeader(ID_HEADER);
    return idOf(id == null ? null : id.value());
  }

  static long idOf(String id) {
    return idOf(id.getBytes(UTF_8));
  }

  /** Agents that trace calls put headers of their own beside ours. */
  static boolean isOurs(String header) {
    return header.startsWith("ce_") || header.startsWith("gistream-");
  }

  private static long idOf(byte @Nullable [] id) {
    MessageDigest digest = sha256();
    update(digest, id);
    return ByteBuffer.wrap(digest.digest()).getLong();
  }

  private static void update(MessageDigest digest, byte @Nullable [] bytes) {
    int length = bytes == null ? -1 : bytes.length;
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(length).flip());
    if (bytes != null) {
      digest.update(bytes);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
