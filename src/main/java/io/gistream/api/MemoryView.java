package io.gistream.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gistream.stream.MemoryInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a memory holds as JSON; {@code docs/http-api.md} explains the fields. */
record MemoryView(
    String streamId,
    String kind,
    long segments,
    int bytes,
    float @Nullable [][] threshold,
    float @Nullable [][] firing,
    float @Nullable [][] potential,
    long timestamp,
    boolean fromCheckpoint,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<Point> history) {

  /** A state that was seen. */
  record Point(
      long timestamp, long segments, float @Nullable [][] firing, float @Nullable [][] potential) {
    static Point of(MemoryInfo info) {
      return new Point(info.timestamp(), info.segments(), info.firing(), info.potential());
    }
  }

  /**
   * @param history null to leave it out
   */
  static MemoryView of(String streamId, MemoryInfo info, @Nullable List<Point> history) {
    return new MemoryView(
        streamId,
        info.kind(),
        info.segments(),
        info.bytes(),
        info.threshold(),
        info.firing(),
        info.potential(),
        info.timestamp(),
        info.fromCheckpoint(),
        history);
  }
}
