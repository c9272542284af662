package io.gistream.kafka;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A topic as Gistream wants it.
 *
 * @param partitions at least 1
 * @param replicationFactor at least 1, or {@link #BROKER_DEFAULT}
 * @param configs topic configs by name; what is not in it is left to the broker
 */
public record TopicSpec(
    String name, int partitions, int replicationFactor, Map<String, String> configs) {

  /** Leaves the replication factor to the cluster. */
  public static final int BROKER_DEFAULT = -1;

  public TopicSpec {
    if (partitions < 1) {
      throw new IllegalArgumentException(
          "topic %s: %d partitions; at least 1 is needed".formatted(name, partitions));
    }
    if (replicationFactor != BROKER_DEFAULT
        && (replicationFactor < 1 || replicationFactor > Short.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "topic %s: replication factor %d; 1 to 32767, or -1 for the cluster's default"
              .formatted(name, replicationFactor));
    }
    configs = Collections.unmodifiableMap(new TreeMap<>(configs));
  }
}
