package io.gistream.api.security;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What somebody may do. */
public enum Role {
  /** See streams, their summaries, chunks and events. */
  READ,
  /** Put chunks on the topic, and end talks. */
  WRITE,
  /** Everything, erasure included. */
  ADMIN;

  /** The name in files, tokens and answers. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Role> of(String label) {
    return Arrays.stream(values()).filter(role -> role.label().equals(label)).findFirst();
  }

  /** All of them. */
  public static Set<Role> all() {
    return EnumSet.allOf(Role.class);
  }
}
