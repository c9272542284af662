package io.gistream.api.security;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells who somebody is by what he shows. */
public final class Doorman {
  private final @Nullable ApiKeys keys;
  private final @Nullable Tokens tokens;

  /** With neither keys nor tokens everybody is let in. */
  public Doorman(@Nullable ApiKeys keys, @Nullable Tokens tokens) {
    this.keys = keys;
    this.tokens = tokens;
  }

  /** Whether anything must be shown. */
  public boolean asks() {
    return keys != null || tokens != null;
  }

  /**
   * Whether {@link #caller} may have to ask another server first: with a token, where the keys of
   * the provider come from an address.
   */
  public boolean asksElsewhere(@Nullable String shown) {
    return tokens != null && tokens.areAskedFor() && shown != null && !isKey(shown);
  }

  private boolean isKey(String shown) {
    return keys != null && shown.startsWith("gst_");
  }

  /** Empty when somebody is to be turned away; may block, see {@link #asksElsewhere}. */
  public Optional<Caller> caller(@Nullable String shown) {
    if (!asks()) {
      return Optional.of(Caller.ANYBODY);
    }
    if (shown == null) {
      return Optional.empty();
    }
    if (keys != null && isKey(shown)) {
      return keys.caller(shown);
    }
    return tokens == null ? Optional.empty() : tokens.caller(shown);
  }
}
