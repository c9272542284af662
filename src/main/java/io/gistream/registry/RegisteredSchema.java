package io.gistream.registry;

import java.util.List;

/**
 * A schema as the registry keeps it.
 *
 * @param text in the language of its type; for Avro, JSON
 * @param references texts of the schemas that it names without containing them, in the order in
 *     which they can be read
 */
public record RegisteredSchema(String text, List<String> references) {
  public RegisteredSchema {
    references = List.copyOf(references);
  }
}
