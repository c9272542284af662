package io.gistream.kafka;

import java.util.List;
import java.util.stream.Collectors;

/** What was found, or done, about one topic. {@code toString} is a line for people. */
public sealed interface TopicReport {

  String topic();

  /** It was not there; now it is, as wanted. */
  record Created(String topic) implements TopicReport {
    @Override
    public String toString() {
      return topic + ": created";
    }
  }

  /** It was there, as wanted. */
  record Exists(String topic) implements TopicReport {
    @Override
    public String toString() {
      return topic + ": exists";
    }
  }

  /** It is not there. */
  record Missing(String topic) implements TopicReport {
    @Override
    public String toString() {
      return topic + ": missing";
    }
  }

  /** It was there, and is left as it is. */
  record Differs(String topic, List<Difference> differences) implements TopicReport {
    public Differs {
      differences = List.copyOf(differences);
    }

    @Override
    public String toString() {
      return differences.stream()
          .map(Difference::toString)
          .collect(Collectors.joining("; ", topic + ": differs: ", ""));
    }
  }

  /**
   * One setting of a topic that is not as wanted.
   *
   * @param setting {@code partitions}, {@code replication factor} or the name of a topic config
   */
  record Difference(String setting, String wanted, String actual) {
    @Override
    public String toString() {
      return "%s is %s, wanted %s".formatted(setting, actual, wanted);
    }
  }
}
