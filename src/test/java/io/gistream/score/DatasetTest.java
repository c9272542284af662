package io.gistream.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatasetTest {
  private static final String MINIMAL =
      """
      {"id": "%s", "segments": [{"text": "We ship on Friday."}], "summary": "They ship."}
      """;

  private final Path folder;

  DatasetTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void everyFieldOfADocumentIsRead() throws IOException {
    var file =
        plain(
            """
            {"id": "m1", "source_dataset": "talks", "license": "CC BY 4.0", "domain": "x",\
             "segments": [\
            {"index": 0, "text": "Hello.", "speaker": "Ann", "start": 1.5, "end": 2},\
            {"index": 1, "text": "Größe?", "speaker": null}],\
             "summary": "They greet.",\
             "aligned": [{"summary_sentence": "They greet.", "segment_indices": [0, 1], "score": 1}]}
            """);

    assertThat(read(file))
        .containsExactly(
            new Document(
                "m1",
                "talks",
                "CC BY 4.0",
                List.of(
                    new Document.Segment(0, "Hello.", "Ann", 1.5, 2.0),
                    new Document.Segment(1, "Größe?")),
                "They greet.",
                List.of(new Document.Aligned("They greet.", List.of(0, 1)))));
  }

  @Test
  void whatMayBeLeftOutMay() throws IOException {
    var document = read(plain(MINIMAL.formatted("a"))).get(0);

    assertThat(document.sourceDataset()).isEqualTo("talks");
    assertThat(document.license()).isNull();
    assertThat(document.aligned()).isEmpty();
    assertThat(document.segments().get(0).index()).isZero();
  }

  @Test
  void aGzippedFileIsReadWhateverItsName() throws IOException {
    var file = Files.write(folder.resolve("packed.jsonl"), gzip(MINIMAL.formatted("a")));

    assertThat(read(file)).extracting(Document::id).containsExactly("a");
    assertThat(read(file)).extracting(Document::sourceDataset).containsExactly("packed");
  }

  @Test
  void filesFollowEachOtherAndBlankLinesAreSkipped() throws IOException {
    var first = plain("\n" + MINIMAL.formatted("a") + "  \n" + MINIMAL.formatted("b") + "\n");
    var empty = Files.writeString(folder.resolve("empty.jsonl"), "");
    var second = Files.write(folder.resolve("two.jsonl.gz"), gzip(MINIMAL.formatted("c")));

    assertThat(read(first, empty, second)).extracting(Document::id).containsExactly("a", "b", "c");
  }

  @Test
  void onlyTheFirstDocumentsOfEachFileAreReadWhenAskedFor() throws IOException {
    var first = plain(MINIMAL.formatted("a") + MINIMAL.formatted("b") + "this is not JSON\n");
    var second = Files.write(folder.resolve("two.jsonl.gz"), gzip(MINIMAL.formatted("c")));

    try (var dataset = Dataset.of(List.of(first, second)).firstOfEachFile(1)) {
      assertThat(dataset).extracting(Document::id).containsExactly("a", "c");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Dataset.of(List.of(first)).firstOfEachFile(0))
        .withMessageContaining("not 0");
  }

  @Test
  void documentsAreReadOnlyWhenTheyAreAskedFor() throws IOException {
    var file = plain(MINIMAL.formatted("a") + "this is not JSON\n");

    try (var dataset = Dataset.of(List.of(file))) {
      assertThat(dataset.iterator().next().id()).isEqualTo("a");
    }
  }

  @Test
  void aDatasetCanBeReadTwice() throws IOException {
    try (var dataset = Dataset.of(List.of(plain(MINIMAL.formatted("a"))))) {
      assertThat(dataset).hasSize(1);
      assertThat(dataset).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"id\": \"a\", | not JSON",
        "{} {} | not JSON",
        "[1] | a JSON object is expected, this is an array",
        "{\"segments\": [], \"summary\": \"s\"} | 'id' must be a string, it is missing",
        "{\"id\": 7, \"segments\": [{\"text\": \"t\"}], \"summary\": \"s\"} | 'id' must be a string, it is 7",
        "{\"id\": \"a\", \"segments\": {}, \"summary\": \"s\"} | 'segments' must be an array, it is an object",
        "{\"id\": \"a\", \"segments\": [], \"summary\": \"s\"} | Document a has no word in its segments",
        "{\"id\": \"a\", \"segments\": [{\"text\": \"...\"}], \"summary\": \"s\"} | Document a has no word in its segments",
        "{\"id\": \"a\", \"segments\": [{\"text\": \"t\"}]} | 'summary' must be a string, it is missing",
        "{\"id\": \"a\", \"segments\": [{\"text\": \"t\"}], \"summary\": \" \"} | Document a has no word in its summary",
        "{\"id\": \"a\", \"segments\": [{\"text\": \"t\"}, {}], \"summary\": \"s\"} | 'text' of segment 1 must be a string, it is missing",
        "{\"id\": \"a\", \"segments\": [{\"text\": \"t\", \"start\": \"0:01\"}], \"summary\": \"s\"} | 'start' of segment 0 must be a number of seconds, it is a string",
        "{\"id\": \"a\", \"segments\": [{\"text\": \"t\", \"index\": 3}], \"summary\": \"s\"} | 'index' of segment 0 is 3",
        "{\"id\": \"a\", \"segments\": [{\"text\": \"t\"}], \"summary\": \"s\", \"aligned\": [{\"segment_indices\": [0.5]}]} | 'segment_indices' of aligned item 0 has 0.5",
      })
  void aBadLineIsNamedWithItsFileAndNumber(String line, String problem) throws IOException {
    var file = plain("\n" + MINIMAL.formatted("first") + line + "\n");

    assertThatExceptionOfType(DatasetException.class)
        .isThrownBy(() -> read(file))
        .withMessageStartingWith(file + ", line 3: ")
        .withMessageContaining(problem);
  }

  @Test
  void aMissingFileIsNamed() {
    var file = folder.resolve("nowhere.jsonl");

    assertThatExceptionOfType(DatasetException.class)
        .isThrownBy(() -> read(file))
        .withMessage(file + ": no such file");
  }

  @Test
  void aCutOffGzipFileIsReportedAsSuch() throws IOException {
    byte[] whole = gzip(MINIMAL.formatted("a"));
    var file = Files.write(folder.resolve("cut.jsonl.gz"), Arrays.copyOf(whole, whole.length - 12));

    assertThatExceptionOfType(DatasetException.class)
        .isThrownBy(() -> read(file))
        .withMessageContaining("cut off");
  }

  @Test
  void textThatIsNotUtf8IsAnErrorRatherThanAnotherText() throws IOException {
    var file =
        Files.write(
            folder.resolve("latin.jsonl"),
            MINIMAL.formatted("Größe").getBytes(StandardCharsets.ISO_8859_1));

    assertThatExceptionOfType(DatasetException.class)
        .isThrownBy(() -> read(file))
        .withMessageContaining("line 1: not UTF-8");
  }

  private Path plain(String text) throws IOException {
    return Files.writeString(folder.resolve("talks.jsonl"), text);
  }

  private static byte[] gzip(String text) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private static List<Document> read(Path... files) {
    var documents = new ArrayList<Document>();
    try (var dataset = Dataset.of(List.of(files))) {
      dataset.forEach(documents::add);
    }
    return documents;
  }
}
