package io.gistream.session;

import io.gistream.model.Memory;
import java.util.List;

/**
 * What a session wants the model to read next.
 *
 * @param sentences one segment, as said
 * @param sentencesBefore sentences of the talk folded before these
 * @param memory the memory of all segments before
 * @param fold whether the memory after the segment is wanted
 */
public record Read(List<String> sentences, long sentencesBefore, Memory memory, boolean fold) {}
