package io.gistream.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a properties file says.
 *
 * @param values by name; of a repeated name the last one
 * @param repeated names that {@link Properties} would have overwritten in silence
 */
record PropertiesFile(SortedMap<String, String> values, SortedSet<String> repeated) {

  static PropertiesFile read(Path file) throws IOException {
    var content = new PropertiesFile(new TreeMap<>(), new TreeSet<>());
    try (var reader = Files.newBufferedReader(file)) {
      content.new Lines().load(reader);
    }
    return content;
  }

  private final class Lines extends Properties {
    private static final long serialVersionUID = 1;

    @Override
    public synchronized Object put(Object name, Object value) {
      var before = values.put((String) name, (String) value);
      if (before != null) {
        repeated.add((String) name);
      }
      return super.put(name, value);
    }
  }
}
