package io.gistream.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchmarksFileTest {
  private final Path file;

  BenchmarksFileTest(@TempDir Path folder) {
    file = folder.resolve("benchmarks.md");
  }

  @Test
  void aDocumentIsBegunWhereThereIsNone() throws IOException {
    BenchmarksFile.replaceSection(file, "engine", "## Engine\n\nfast\n\n");

    assertThat(file)
        .hasContent(
            """
            # Benchmarks

            <!-- begin benchmark engine -->
            ## Engine

            fast
            <!-- end benchmark engine -->
            """);
  }

  @Test
  void onlyTheSectionOfTheBenchmarkIsReplaced() throws IOException {
    Files.writeString(
        file,
        """
        # Ours

        Words before.
        <!-- begin benchmark engine -->
        old
        <!-- end benchmark engine -->
        Words between.
        <!-- begin benchmark engine-two -->
        stays
        <!-- end benchmark engine-two -->
        """);

    BenchmarksFile.replaceSection(file, "engine", "new\n");

    assertThat(Files.readString(file))
        .isEqualTo(
            """
            # Ours

            Words before.
            <!-- begin benchmark engine -->
            new
            <!-- end benchmark engine -->
            Words between.
            <!-- begin benchmark engine-two -->
            stays
            <!-- end benchmark engine-two -->
            """);
  }

  @Test
  void writingTheSameTwiceChangesNothing() throws IOException {
    Files.writeString(file, "# Ours");
    BenchmarksFile.replaceSection(file, "a", "one");
    BenchmarksFile.replaceSection(file, "b", "two");
    String once = Files.readString(file);

    BenchmarksFile.replaceSection(file, "a", "one");
    BenchmarksFile.replaceSection(file, "b", "two");

    assertThat(Files.readString(file)).isEqualTo(once).contains("one").contains("two");
  }

  @Test
  void aMarkerAtTheVeryEndNeedsNoLineFeed() throws IOException {
    Files.writeString(file, "<!-- begin benchmark a -->\nold\n<!-- end benchmark a -->");

    BenchmarksFile.replaceSection(file, "a", "new");

    assertThat(Files.readString(file))
        .isEqualTo("<!-- begin benchmark a -->\nnew\n<!-- end benchmark a -->");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!-- begin benchmark a -->\n",
        "<!-- end benchmark a -->\n",
        "<!-- end benchmark a -->\n<!-- begin benchmark a -->\n",
        "<!-- begin benchmark a -->\n<!-- begin benchmark a -->\n<!-- end benchmark a -->\n",
        "<!-- begin benchmark a -->\n<!-- end benchmark a -->\n<!-- end benchmark a -->\n",
      })
  void markersThatDoNotMakeOnePairAreAnErrorAndTheDocumentIsLeftAlone(String text)
      throws IOException {
    Files.writeString(file, text);

    assertThatIllegalStateException()
        .isThrownBy(() -> BenchmarksFile.replaceSection(file, "a", "new"))
        .withMessageContaining(file.toString())
        .withMessageContaining("begin benchmark a");
    assertThat(Files.readString(file)).isEqualTo(text);
  }

  @Test
  void aNameThatWouldBreakTheMarkersIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BenchmarksFile.replaceSection(file, "a -->", "new"))
        .withMessageContaining("not 'a -->'");
  }
}
