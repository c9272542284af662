package io.gistream.api.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A key as its file keeps it: all but the secret, of which there is a salted SHA-256. The secret is
 * 256 random bits that we drew, so there is nothing to guess that a slow hash would protect.
 *
 * <pre>laptop roles=read,write prefix=acme/ sha256=SALT:HASH</pre>
 *
 * @param prefix that the ids of its streams have; empty for all
 */
public record ApiKey(String id, Set<Role> roles, String prefix, byte[] salt, byte[] hash) {
  private static final int SECRET_BYTES = 32;
  private static final int SALT_BYTES = 16;
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9.-]{1,64}");
  private static final Pattern LINE =
      Pattern.compile(
          "(\\S+) roles=(\\S+)(?: prefix=(\\S+))? sha256=([0-9a-f]{32}):([0-9a-f]{64})");

  /** {@code gst_ID_SECRET}; neither part has an underscore that could be taken for these. */
  private static final Pattern KEY = Pattern.compile("gst_([A-Za-z0-9.-]{1,64})_(\\S{1,128})");

  /** A key that was made: what to give away, and what to keep. */
  public record Made(String key, ApiKey kept) {}

  /** What somebody shows. */
  public record Shown(String id, String secret) {}

  /**
   * Makes a key.
   *
   * @throws IllegalArgumentException when the id or the prefix cannot be one
   */
  public static Made make(String id, Set<Role> roles, String prefix) {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "'" + id + "' is no id for a key: 1 to 64 letters, digits, dots or hyphens");
    }
    if (prefix.chars().anyMatch(c -> Character.isWhitespace(c) || Character.isISOControl(c))) {
      throw new IllegalArgumentException("a prefix has no white space");
    }
    if (roles.isEmpty()) {
      throw new IllegalArgumentException("a key without a role opens nothing");
    }
    SecureRandom random = new SecureRandom();
    byte[] secret = new byte[SECRET_BYTES];
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(secret);
    random.nextBytes(salt);
    String text = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    return new Made(
        "gst_" + id + "_" + text, new ApiKey(id, roles, prefix, salt, hash(salt, text)));
  }

  /** The parts of a key; empty when it does not look like one. */
  public static Optional<Shown> read(String key) {
    Matcher parts = KEY.matcher(key);
    return parts.matches()
        ? Optional.of(new Shown(parts.group(1), parts.group(2)))
        : Optional.empty();
  }

  /** Reads {@link #line()}; throws {@link IllegalArgumentException} when it is something else. */
  static ApiKey parse(String line) {
    Matcher parts = LINE.matcher(line);
    if (!parts.matches() || !ID.matcher(parts.group(1)).matches()) {
      throw new IllegalArgumentException(
          "must be 'ID roles=ROLE,… [prefix=PREFIX] sha256=SALT:HASH', as 'gistream api-key"
              + " create' prints it");
    }
    Set<Role> roles = new LinkedHashSet<>();
    for (String label : parts.group(2).split(",", -1)) {
      roles.add(
          Role.of(label)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "there is no role '" + label + "'; there are read, write, admin")));
    }
    String prefix = parts.group(3);
    return new ApiKey(
        parts.group(1),
        roles,
        prefix == null ? "" : prefix,
        HexFormat.of().parseHex(parts.group(4)),
        HexFormat.of().parseHex(parts.group(5)));
  }

  /** The line for the file. */
  public String line() {
    HexFormat hex = HexFormat.of();
    return "%s roles=%s%s sha256=%s:%s"
        .formatted(
            id,
            roles.stream().map(Role::label).collect(Collectors.joining(",")),
            prefix.isEmpty() ? "" : " prefix=" + prefix,
            hex.formatHex(salt),
            hex.formatHex(hash));
  }

  /** Whether this is the secret; takes the same time whatever is wrong with it. */
  boolean opens(String secret) {
    return MessageDigest.isEqual(hash, hash(salt, secret));
  }

  Caller caller() {
    return new Caller(id, roles, prefix);
  }

  private static byte[] hash(byte[] salt, String secret) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(salt);
      return digest.digest(secret.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
