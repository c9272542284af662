package io.gistream.score;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Documents in files of JSON lines, plain or gzipped (told by their first bytes), read one at a
 * time. Each line is an object {@code {id, source_dataset?, license?, segments[{text, index?,
 * speaker?, start?, end?}], summary, aligned[{summary_sentence, segment_indices}]?}}, times in
 * seconds; other fields are ignored, as are blank lines. Without {@code source_dataset} the name of
 * the file stands for it.
 *
 * <p>What cannot be read ends the iteration with a {@link DatasetException} that names file and
 * line. Closing the data set closes the files of iterations that were not finished.
 */
public final class Dataset implements Iterable<Document>, AutoCloseable {
  private static final ObjectReader JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build().reader();

  private final List<Path> files;
  private final int limit;
  private final Set<Lines> open = new HashSet<>();

  private Dataset(List<Path> files, int limit) {
    this.files = List.copyOf(files);
    this.limit = limit;
  }

  /** The documents of all files, in the order given. */
  public static Dataset of(List<Path> files) {
    return new Dataset(files, Integer.MAX_VALUE);
  }

  /** Of each file, no more than its first documents. */
  public Dataset firstOfEachFile(int documents) {
    if (documents < 1) {
      throw new IllegalArgumentException("At least 1 document of each file, not " + documents);
    }
    return new Dataset(files, documents);
  }

  @Override
  public Iterator<Document> iterator() {
    return new Documents();
  }

  @Override
  public void close() {
    for (var lines : Set.copyOf(open)) {
      lines.close();
    }
  }

  private final class Documents implements Iterator<Document> {
    private final Iterator<Path> remaining = files.iterator();
    private @Nullable Lines lines;
    private @Nullable Document next;

    @Override
    public boolean hasNext() {
      while (next == null) {
        if (lines == null) {
          if (!remaining.hasNext()) {
            return false;
          }
          lines = new Lines(remaining.next());
        }
        next = lines.next();
        if (next == null) {
          lines = null;
        }
      }
      return true;
    }

    @Override
    public Document next() {
      if (!hasNext() || next == null) {
        throw new NoSuchElementException();
      }
      var document = next;
      next = null;
      return document;
    }
  }

  /** One file that is being read. */
  private final class Lines {
    private final Path file;
    private final String name;
    private final BufferedReader reader;
    private long line;
    private int documents;

    Lines(Path file) {
      this.file = file;
      this.name = nameOf(file);
      try {
        // an InputStreamReader of a charset would replace what is not UTF-8
        this.reader =
            new BufferedReader(
                new InputStreamReader(input(file), StandardCharsets.UTF_8.newDecoder()));
      } catch (NoSuchFileException e) {
        throw new DatasetException(file, "no such file", e);
      } catch (IOException e) {
        throw new DatasetException(file, "cannot be read (" + e.getMessage() + ")", e);
      }
      open.add(this);
    }

    /** The next document, null at the end of the file. */
    @Nullable Document next() {
      boolean found = false;
      try {
        String text = documents < limit ? readLine() : null;
        while (text != null && text.isBlank()) {
          text = readLine();
        }
        if (text == null) {
          return null;
        }
        var document = DocumentJson.parse(JSON.readTree(text), name);
        documents++;
        found = true;
        return document;
      } catch (JsonProcessingException e) {
        throw problem("not JSON (" + e.getOriginalMessage() + ")", e);
      } catch (IllegalArgumentException e) {
        throw problem(String.valueOf(e.getMessage()), e);
      } catch (CharacterCodingException e) {
        throw problem("not UTF-8, at this line or soon after it", e);
      } catch (EOFException e) {
        throw problem("the compressed data ends too soon, the file is cut off", e);
      } catch (IOException e) {
        throw problem("cannot be read (" + e.getMessage() + ")", e);
      } finally {
        if (!found) {
          close();
        }
      }
    }

    private @Nullable String readLine() throws IOException {
      line++;
      return reader.readLine();
    }

    private DatasetException problem(String what, Throwable cause) {
      return new DatasetException(file, line, what, cause);
    }

    void close() {
      open.remove(this);
      try {
        reader.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static InputStream input(Path file) throws IOException {
    var bytes = new BufferedInputStream(Files.newInputStream(file));
    try {
      bytes.mark(2);
      boolean gzip = bytes.read() == 0x1f && bytes.read() == 0x8b;
      bytes.reset();
      return gzip ? new GZIPInputStream(bytes, 1 << 16) : bytes;
    } catch (IOException e) {
      bytes.close();
      throw e;
    }
  }

  private static String nameOf(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.replaceFirst("(\\.jsonl|\\.json)?(\\.gz)?$", "");
  }
}
