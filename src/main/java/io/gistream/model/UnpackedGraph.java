package io.gistream.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A graph whose weights lie in another file of the package (ONNX external data): ONNX Runtime opens
 * such a graph from a disk only. What is written there is what was checked against the manifest's
 * digests; it is deleted on close, which may be before the session is closed.
 */
final class UnpackedGraph implements AutoCloseable {
  private final List<Path> written = new ArrayList<>();
  private final Path graph;

  UnpackedGraph(ModelPackage model, String graph, String weights) {
    try {
      Path directory = Files.createTempDirectory("gistream-model-");
      written.add(directory);
      this.graph = write(model, directory, graph);
      write(model, directory, weights);
    } catch (IOException e) {
      close();
      throw model
          .source()
          .fault(
              graph,
              null,
              "room to unpack it in " + System.getProperty("java.io.tmpdir"),
              e.toString(),
              "make that directory writable, or name another with -Djava.io.tmpdir",
              e);
    }
  }

  private Path write(ModelPackage model, Path directory, String file) throws IOException {
    Path path = directory.resolve(file);
    written.add(path);
    return Files.write(path, model.bytes(file));
  }

  Path path() {
    return graph;
  }

  @Override
  public void close() {
    for (int i = written.size() - 1; i >= 0; i--) {
      try {
        Files.deleteIfExists(written.get(i));
      } catch (IOException e) {
        written.get(i).toFile().deleteOnExit(); // a system that keeps what is mapped
      }
    }
  }
}
