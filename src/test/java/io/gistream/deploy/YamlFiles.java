package io.gistream.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;

/** YAML as plain maps and lists; a key given twice is an error. */
final class YamlFiles {
  private YamlFiles() {}

  static List<Map<String, Object>> documents(String text) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    List<Map<String, Object>> documents = new ArrayList<>();
    for (Object document : new Yaml(options).loadAll(text)) {
      if (document instanceof Map<?, ?> map) {
        documents.add(map(map));
      }
    }
    return documents;
  }

  static List<Map<String, Object>> documents(Path file) throws IOException {
    return documents(Files.readString(file));
  }

  /** What is at a path of keys and positions. */
  static Object at(Object node, Object... path) {
    Object here = node;
    for (Object step : path) {
      here = step instanceof Integer i ? ((List<?>) here).get(i) : ((Map<?, ?>) here).get(step);
      if (here == null) {
        throw new AssertionError("nothing at " + step + " of " + List.of(path) + " in " + node);
      }
    }
    return here;
  }

  @SuppressWarnings("unchecked") // keys of these files are text
  static Map<String, Object> map(Object node) {
    return (Map<String, Object>) node;
  }

  static List<?> list(Object node) {
    return (List<?>) node;
  }
}
