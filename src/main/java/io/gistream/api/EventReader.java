package io.gistream.api;

import io.micronaut.http.sse.Event;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the server-sent events that another instance writes, line by line. For one connection. */
final class EventReader {
  private @Nullable String id;
  private @Nullable String name;
  private @Nullable String comment;
  private @Nullable String data;

  /** The event that ends with this line; empty when none does. */
  Optional<Event<String>> line(String line) {
    if (line.isEmpty()) {
      return end();
    }
    int colon = line.indexOf(':');
    String field = colon < 0 ? line : line.substring(0, colon);
    String value = colon < 0 ? "" : line.substring(colon + 1).stripLeading();
    switch (field) {
      case "" -> comment = value;
      case "id" -> id = value;
      case "event" -> name = value;
      case "data" -> data = data == null ? value : data + "\n" + value;
      default -> {
        // retry: it has been said already
      }
    }
    return Optional.empty();
  }

  private Optional<Event<String>> end() {
    if (comment == null && data == null && name == null && id == null) {
      return Optional.empty();
    }
    Event<String> event = Event.of(data == null ? "" : data).id(id).name(name).comment(comment);
    id = null;
    name = null;
    comment = null;
    data = null;
    return Optional.of(event);
  }
}
