package io.gistream.summary;

import org.jspecify.annotations.Nullable;

/**
 * A piece of talk by one speaker, as it came.
 *
 * @param text what was said; may begin or end inside a sentence
 * @param speaker null when not known
 */
public record Utterance(String text, @Nullable String speaker) {}
