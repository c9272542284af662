package io.gistream.session;

import io.gistream.model.Memory;

/**
 * What the model made of a {@link Read}.
 *
 * @param salience one logit for each sentence
 * @param memory the memory after the segment when a fold was asked for, else the one before
 */
public record Reading(float[] salience, Memory memory) {}
