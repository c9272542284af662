/**
 * A schema registry, spoken to in the REST interface that Confluent's has and others have too.
 *
 * <pre>{@code
 * var registry = new SchemaRegistry(options);
 * int id = registry.id(registry.subject("summaries", "io.gistream.avro.RollingSummary"), schema);
 * RegisteredSchema written = registry.schema(7);
 * }</pre>
 */
@NullMarked
package io.gistream.registry;

import org.jspecify.annotations.NullMarked;
