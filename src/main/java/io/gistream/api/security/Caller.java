package io.gistream.api.security;

import java.util.Set;

/**
 * Somebody who asks.
 *
 * @param id of the key, or the subject of the token
 * @param roles what he may do
 * @param prefix that the ids of his streams have; empty for all streams
 */
public record Caller(String id, Set<Role> roles, String prefix) {
  /** Everybody, where nobody is asked who he is. */
  public static final Caller ANYBODY = new Caller("anonymous", Role.all(), "");

  public boolean may(Role role) {
    return roles.contains(role) || roles.contains(Role.ADMIN);
  }

  public boolean mayTouch(String streamId) {
    return streamId.startsWith(prefix);
  }

  /** Whether all streams are his. */
  public boolean ofAllStreams() {
    return prefix.isEmpty();
  }
}
