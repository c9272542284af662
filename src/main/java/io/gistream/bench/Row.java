package io.gistream.bench;

import java.util.Arrays;
import java.util.List;

/**
 * One case of a benchmark.
 *
 * @param label what tells it from the others
 * @param values one for each column; NaN where there is none
 */
public record Row(String label, List<Double> values) {
  public Row {
    values = List.copyOf(values);
  }

  public static Row of(String label, double... values) {
    return new Row(label, Arrays.stream(values).boxed().toList());
  }
}
