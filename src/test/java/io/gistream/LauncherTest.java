package io.gistream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The launcher script, with a Java and a Maven that only say how they were called. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
  private static final Path SCRIPT = Path.of("gistream").toAbsolutePath();

  @TempDir Path root;
  private Path home;
  private Path java;

  /** A checkout in a directory whose name has a blank. */
  @BeforeEach
  void makeCheckout() throws Exception {
    root = root.toRealPath();
    home = Files.createDirectories(root.resolve("a checkout"));
    script(home.resolve("gistream"), Files.readString(SCRIPT));
    Files.createDirectories(home.resolve("schemas"));
    Files.createDirectories(home.resolve("src/main/java"));
    Files.createDirectories(home.resolve("src/main/python"));
    Files.writeString(home.resolve("src/main/java/A.java"), "");
    Files.writeString(home.resolve("pom.xml"), "");
    script(
        home.resolve("mvnw"),
        """
        #!/bin/sh
        cd "$(dirname "$0")"
        echo built >>builds
        echo "log line"
        sleep "${FAKE_BUILD_SECONDS:-0}"
        [ ! -f break ] || exit 1
        mkdir -p target/lib
        echo jar >target/gistream.jar
        """);
    java = fakeJava("java home", "17.0.1");
  }

  private Path fakeJava(String name, String version) throws Exception {
    var directory = Files.createDirectories(root.resolve(name).resolve("bin")).getParent();
    Files.writeString(directory.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    script(directory.resolve("bin/java"), "#!/bin/sh\nprintf '%s\\n' \"$@\"\ncat\n");
    script(directory.resolve("bin/javac"), "#!/bin/sh\n");
    return directory;
  }

  @Test
  void buildsAtTheFirstStartAndThenRuns() throws Exception {
    var run = start("summarize", "a file.txt", "*");

    assertThat(run.exit()).isZero();
    assertThat(run.stderr()).containsExactly("Building Gistream (first start, about a minute)…");
    assertThat(run.stdout())
        .containsSubsequence(
            "-cp",
            home.resolve("target/gistream.jar").toString(),
            "io.gistream.Gistream",
            "summarize",
            "a file.txt",
            "*")
        .contains("-XX:TieredStopAtLevel=1");
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void buildsAgainOnlyWhenASourceChanged() throws Exception {
    start();
    assertThat(start().stderr()).isEmpty();
    touch("src/main/python/train.py");
    assertThat(start().stderr()).as("Python is no part of the jar").isEmpty();
    assertThat(builds()).isEqualTo(1);

    touch("src/main/java/A.java");
    assertThat(start().stderr()).containsExactly("Building Gistream (the sources changed)…");
    touch("pom.xml");
    start();
    touch("schemas/New.avsc");
    start();
    assertThat(builds()).isEqualTo(4);
  }

  @Test
  void twoStartsAtOnceBuildOnce() throws Exception {
    var slow = Map.of("FAKE_BUILD_SECONDS", "2");
    var first = process(List.of(home.resolve("gistream").toString()), slow);
    var second = process(List.of(home.resolve("gistream").toString()), slow);

    var runs = List.of(finish(first, ""), finish(second, ""));
    assertThat(runs).allSatisfy(run -> assertThat(run.exit()).isZero());
    assertThat(builds()).isEqualTo(1);
    assertThat(home.resolve("target/.launcher-lock")).doesNotExist();
  }

  @Test
  void aLockLeftBehindIsTakenOver() throws Exception {
    var dead = new ProcessBuilder("true").start();
    dead.waitFor();
    Files.createDirectories(home.resolve("target"));
    Files.createSymbolicLink(
        home.resolve("target/.launcher-lock"), Path.of(Long.toString(dead.pid())));

    assertThat(start().exit()).isZero();
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void aFailedBuildShowsTheEndOfItsLog() throws Exception {
    touch("break");

    var run = start();

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.stdout()).isEmpty();
    assertThat(run.stderr())
        .endsWith(
            "log line",
            "gistream: the build failed; the whole log is in "
                + home.resolve("target/launcher-build.log"));
    assertThat(home.resolve("target/.launcher-lock")).doesNotExist();
  }

  @Test
  void standardInputReachesTheProgramAndNotTheBuild() throws Exception {
    script(home.resolve("mvnw"), Files.readString(home.resolve("mvnw")) + "cat >/dev/null\n");

    var run =
        finish(
            process(List.of(home.resolve("gistream").toString(), "summarize", "-"), Map.of()),
            "what was said\n");

    assertThat(run.stdout()).endsWith("summarize", "-", "what was said");
  }

  @Test
  void runsThroughALinkFromAnotherDirectory() throws Exception {
    var bin = Files.createDirectories(root.resolve("bin"));
    Files.createSymbolicLink(root.resolve("inner"), Path.of("a checkout", "gistream"));
    Files.createSymbolicLink(bin.resolve("gistream"), Path.of("..", "inner"));

    var run = finish(process(List.of(bin.resolve("gistream").toString()), Map.of()), "");

    assertThat(run.stdout()).contains(home.resolve("target/gistream.jar").toString());
  }

  @Test
  void aDistributionRunsWithoutABuild() throws Exception {
    var distribution = Files.createDirectories(root.resolve("distribution/lib")).getParent();
    Files.copy(home.resolve("gistream"), distribution.resolve("gistream"));
    Files.writeString(distribution.resolve("lib/gistream.jar"), "");

    var run =
        finish(process(List.of(distribution.resolve("gistream").toString(), "run"), Map.of()), "");

    assertThat(run.stderr()).isEmpty();
    assertThat(run.stdout())
        .endsWith("-cp", distribution + "/lib/*", "io.gistream.Gistream", "run")
        .doesNotContain("-XX:TieredStopAtLevel=1");
  }

  @Test
  void optionsOfTheUserComeAfterOurs() throws Exception {
    var run =
        finish(
            process(
                List.of(home.resolve("gistream").toString()),
                Map.of("GISTREAM_JAVA_OPTS", "-Xmx2g -Da=*")),
            "");

    assertThat(run.stdout()).containsSubsequence("-Dai.djl.offline=true", "-Xmx2g", "-Da=*", "-cp");
  }

  @Test
  void theJvmIsStartedAsTheTestsStartIt() throws Exception {
    var property = Pattern.compile("<gistream.jvm>(.*)</gistream.jvm>");
    var pom = property.matcher(Files.readString(Path.of("pom.xml")));
    assertThat(pom.find()).isTrue();

    assertThat(start().stdout()).contains(pom.group(1).split(" ", -1));
  }

  @Test
  void newerJavaIsAskedForTheAccessThatLibrariesNeed() throws Exception {
    assertThat(start().stdout()).doesNotContain("--sun-misc-unsafe-memory-access=allow");
    java = fakeJava("newer", "25.0.3");
    assertThat(start().stdout()).contains("--sun-misc-unsafe-memory-access=allow");
  }

  @Test
  @DisabledOnOs(OS.MAC) // which knows where its Javas are
  void anOldJavaIsNamed() throws Exception {
    java = fakeJava("old", "1.8.0_392");

    var run = startWithPath(pathWithoutJava());

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.stderr())
        .containsExactly(
            "gistream: needs Java 17 or newer, found Java 8 in " + java + ".",
            "Install a JDK 17 or newer, or set JAVA_HOME to one.");
  }

  @Test
  @DisabledOnOs(OS.MAC) // which knows where its Javas are
  void theJavaOnThePathServesWhenJavaHomeDoesNot() throws Exception {
    var onPath = java;
    java = root.resolve("nowhere");

    var run = startWithPath(onPath.resolve("bin") + File.pathSeparator + pathWithoutJava());

    assertThat(run.exit()).isZero();
    assertThat(startWithPath(pathWithoutJava()).stderr().get(0))
        .isEqualTo(
            "gistream: needs Java 17 or newer, found no bin/java in JAVA_HOME=" + java + ".");
  }

  @Test
  void aJavaThatCannotCompileIsToldApart() throws Exception {
    Files.delete(java.resolve("bin/javac"));

    assertThat(start().stderr())
        .containsExactly(
            "gistream: "
                + java
                + " can run Gistream but not build it. Install a JDK, or set JAVA_HOME to one.");
  }

  private record Run(int exit, List<String> stdout, List<String> stderr) {}

  private Run start(String... arguments) throws Exception {
    var command = new ArrayList<String>();
    command.add(home.resolve("gistream").toString());
    command.addAll(List.of(arguments));
    return finish(process(command, Map.of()), "");
  }

  private Run startWithPath(String path) throws Exception {
    return finish(process(List.of(home.resolve("gistream").toString()), Map.of("PATH", path)), "");
  }

  private Process process(List<String> command, Map<String, String> environment) throws Exception {
    var builder = new ProcessBuilder(command).directory(root.toFile());
    builder.environment().remove("GISTREAM_JAVA_OPTS");
    builder.environment().put("JAVA_HOME", java.toString());
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** What they print fits into the pipes, so that it can be read when they are over. */
  private static Run finish(Process process, String input) throws Exception {
    try (var stdin = process.outputWriter(UTF_8)) {
      stdin.write(input);
    }
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).as("came to an end").isTrue();
    try (var stdout = process.inputReader(UTF_8);
        var stderr = process.errorReader(UTF_8)) {
      return new Run(process.exitValue(), stdout.lines().toList(), stderr.lines().toList());
    }
  }

  private long builds() throws Exception {
    try (var lines = Files.lines(home.resolve("builds"))) {
      return lines.count();
    }
  }

  /** Writes a file that is newer than whatever was built. */
  private void touch(String name) throws Exception {
    var file = home.resolve(name);
    Files.writeString(file, "");
    var jar = home.resolve("target/gistream.jar");
    if (Files.exists(jar)) {
      var later = Files.getLastModifiedTime(jar).toInstant().plusMillis(20);
      Files.setLastModifiedTime(file, FileTime.from(later));
      Files.setLastModifiedTime(file.getParent(), FileTime.from(later.minusMillis(20)));
    }
  }

  /** The commands that the script uses, wherever they are, and no Java. */
  private String pathWithoutJava() throws Exception {
    var tools =
        List.of(
            "cat",
            "dirname",
            "find",
            "head",
            "ln",
            "mkdir",
            "readlink",
            "rm",
            "sed",
            "sleep",
            "tail",
            "touch");
    var path = List.of(System.getenv("PATH").split(File.pathSeparator, -1));
    var bin = Files.createDirectories(root.resolve("tools"));
    for (var tool : tools) {
      var file =
          path.stream()
              .map(directory -> Path.of(directory, tool))
              .filter(Files::isExecutable)
              .findFirst()
              .orElseThrow();
      script(bin.resolve(tool), "#!/bin/sh\nexec " + file + " \"$@\"\n");
    }
    return bin.toString();
  }

  private static void script(Path file, String text) throws Exception {
    Files.writeString(file, text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }
}
