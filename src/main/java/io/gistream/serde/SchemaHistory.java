package io.gistream.serde;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.SchemaParser;

/**
 * Every schema a record was ever written with: the current one, and those stored as {@code
 * schemas/history/<Record>.v<n>.avsc}, n from 1.
 *
 * @param current what this release writes
 * @param stored versions in order, the first of them v1
 */
record SchemaHistory(Schema current, List<Schema> stored) {
  SchemaHistory {
    stored = List.copyOf(stored);
  }

  static SchemaHistory of(Schema current) {
    List<Schema> stored = new ArrayList<>();
    while (true) {
      String resource = resource(current.getName(), stored.size() + 1);
      try (InputStream in = SchemaHistory.class.getResourceAsStream(resource)) {
        if (in == null) {
          return new SchemaHistory(current, stored);
        }
        stored.add(new SchemaParser().parse(in).mainSchema());
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read " + resource, e);
      }
    }
  }

  /** The stored version that is the current one; a test sees to it that there is one. */
  Schema latest() {
    return stored.get(stored.size() - 1);
  }

  static String resource(String record, int version) {
    return "/schemas/history/" + record + ".v" + version + ".avsc";
  }

  /** CRC-64-AVRO of the schema's parsing canonical form. */
  static long fingerprint(Schema schema) {
    return SchemaNormalization.parsingFingerprint64(schema);
  }

  /** Schemas by fingerprint. Two versions that differ in docs or defaults alone share one. */
  Map<Long, Schema> byFingerprint() {
    Map<Long, Schema> schemas = new LinkedHashMap<>();
    stored.forEach(schema -> schemas.put(fingerprint(schema), schema));
    schemas.putIfAbsent(fingerprint(current), current);
    return Collections.unmodifiableMap(schemas);
  }

  /** For messages: {@code v1 0x0123456789abcdef, v2 0x...}. */
  String describe() {
    StringJoiner versions = new StringJoiner(", ");
    for (int i = 0; i < stored.size(); i++) {
      versions.add("v" + (i + 1) + " " + hex(fingerprint(stored.get(i))));
    }
    if (stored.stream().noneMatch(s -> fingerprint(s) == fingerprint(current))) {
      versions.add("current " + hex(fingerprint(current)));
    }
    return versions.toString();
  }

  static String hex(long fingerprint) {
    return String.format(Locale.ROOT, "0x%016x", fingerprint);
  }
}
