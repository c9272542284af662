package io.gistream.api.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of a file, which is read again when it changes: a line that is taken out is locked out
 * within a second. Thread-safe.
 */
public final class ApiKeys {
  private static final Logger LOG = LoggerFactory.getLogger(ApiKeys.class);
  private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();

  /** What a key is compared with whose id is unknown, so that this takes no less time. */
  private static final ApiKey NOBODY = ApiKey.make("nobody", Set.of(Role.READ), "").kept();

  private final Path file;
  private Map<String, ApiKey> keys;
  private State read;
  private long lookAt;

  private record State(FileTime modified, long size) {}

  private ApiKeys(Path file, Map<String, ApiKey> keys, State read) {
    this.file = file;
    this.keys = keys;
    this.read = read;
    this.lookAt = System.nanoTime() + LOOK_NANOS;
  }

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException with the file, the line and what is wrong
   */
  public static ApiKeys read(Path file) {
    try {
      State state = state(file);
      return new ApiKeys(file, parse(file), state);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "http.auth.keys-file: %s cannot be read: %s".formatted(file, e), e);
    }
  }

  private static State state(Path file) throws IOException {
    return new State(Files.getLastModifiedTime(file), Files.size(file));
  }

  private static Map<String, ApiKey> parse(Path file) throws IOException {
    Map<String, ApiKey> keys = new HashMap<>();
    List<String> lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      try {
        ApiKey key = ApiKey.parse(line);
        if (keys.put(key.id(), key) != null) {
          throw new IllegalArgumentException("there is another key with this id above");
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "http.auth.keys-file: %s, line %d: %s".formatted(file, i + 1, e.getMessage()), e);
      }
    }
    if (keys.isEmpty()) {
      throw new IllegalArgumentException(
          "http.auth.keys-file: %s has no key; 'gistream api-key create' makes one"
              .formatted(file));
    }
    return keys;
  }

  /** Whose key this is; empty when it is nobody's. */
  public Optional<Caller> caller(String shown) {
    return ApiKey.read(shown)
        .flatMap(
            it -> {
              ApiKey key = current().getOrDefault(it.id(), NOBODY);
              return key.opens(it.secret()) ? Optional.of(key.caller()) : Optional.empty();
            });
  }

  private synchronized Map<String, ApiKey> current() {
    if (System.nanoTime() - lookAt >= 0) {
      lookAt = System.nanoTime() + LOOK_NANOS;
      try {
        State now = state(file);
        if (!now.equals(read)) {
          keys = parse(file);
          read = now;
          LOG.info("{} has changed; there are {} keys", file, keys.size());
        }
      } catch (IOException | IllegalArgumentException e) {
        LOG.error("The keys stay as they were: {}", e.getMessage());
      }
    }
    return keys;
  }
}
