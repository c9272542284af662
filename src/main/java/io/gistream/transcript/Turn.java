package io.gistream.transcript;

import org.jspecify.annotations.Nullable;

/**
 * A piece of talk as a file has it.
 *
 * @param text what was said
 * @param speaker null when not named
 * @param startMillis from the beginning of the talk; null when not given
 * @param endMillis as {@code startMillis}
 */
record Turn(
    String text, @Nullable String speaker, @Nullable Long startMillis, @Nullable Long endMillis) {}
