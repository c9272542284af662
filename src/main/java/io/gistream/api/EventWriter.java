package io.gistream.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micronaut.http.sse.Event;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Writes what is told as server-sent events. */
@Singleton
final class EventWriter {
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final ObjectMapper json;

  EventWriter(ObjectMapper json) {
    this.json = json;
  }

  Event<String> event(String name, Object data) {
    try {
      return Event.of(json.writeValueAsString(data)).name(name);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("plain values can always be written", e);
    }
  }

  /** A comment, which clients do not hear. */
  Event<String> comment(String text) {
    return Event.of("").comment(text);
  }

  /** The first thing that a client gets: it has the headers then, and knows when to come back. */
  Event<String> hello() {
    return comment("gistream").retry(RETRY);
  }
}
