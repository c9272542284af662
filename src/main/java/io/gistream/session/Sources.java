package io.gistream.session;

import io.gistream.avro.OpenChunk;
import io.gistream.avro.Source;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Where in the talk a sentence comes from. */
final class Sources {
  private Sources() {}

  /** Of a sentence said in these chunks. */
  static Source of(List<OpenChunk> chunks) {
    List<Long> sequences = new ArrayList<>(chunks.size());
    Set<String> speakers = new LinkedHashSet<>();
    @Nullable Long start = null;
    @Nullable Long end = null;
    for (OpenChunk chunk : chunks) {
      sequences.add(chunk.getSequence());
      if (chunk.getSpeaker() != null) {
        speakers.add(chunk.getSpeaker());
      }
      if (start == null) {
        start = chunk.getStartMillis();
      }
      if (chunk.getEndMillis() != null) {
        end = chunk.getEndMillis();
      }
    }
    return new Source(sequences, start, end, List.copyOf(speakers));
  }

  /** Of a sentence that rests on several, given in the order of the talk. */
  static Source merge(List<Source> sources) {
    Set<Long> sequences = new TreeSet<>();
    Set<String> speakers = new LinkedHashSet<>();
    @Nullable Long start = null;
    @Nullable Long end = null;
    for (Source source : sources) {
      sequences.addAll(source.getSequences());
      speakers.addAll(source.getSpeakers());
      if (start == null) {
        start = source.getStartMillis();
      }
      if (source.getEndMillis() != null) {
        end = source.getEndMillis();
      }
    }
    return new Source(List.copyOf(sequences), start, end, List.copyOf(speakers));
  }
}
