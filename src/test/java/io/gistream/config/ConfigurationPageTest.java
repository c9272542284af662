package io.gistream.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigurationPageTest {
  private static final Path PAGE = Path.of("docs", "configuration.md");

  @Test
  void thePageSaysWhatTheCodeDoes() throws Exception {
    var page = ConfigurationPage.render();
    if (Boolean.getBoolean("gistream.write-docs")) {
      Files.writeString(PAGE, page);
    }

    assertThat(Files.exists(PAGE) ? Files.readString(PAGE) : "")
        .as(
            "%s is stale; write it again with"
                + " ./mvnw -q test -Dtest=ConfigurationPageTest -Dgistream.write-docs=true",
            PAGE)
        .isEqualTo(page);
  }
}
