package io.gistream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gistream.config.GistreamOptions;
import io.gistream.config.Option;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;

/**
 * Every command line of the documentation is one that the command of today understands: of {@code
 * gistream} by its own parser, nothing is run; of Maven and the toolkit by the names they use.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DocumentedCommandsTest {
  private static final Set<String> OPTIONS =
      GistreamOptions.all().stream().map(Option::name).collect(Collectors.toSet());

  /** Words of the documentation that stand for numbers. */
  private static final Map<String, String> NUMBERS =
      Map.of("PARTITION", "0", "OFFSET", "7", "N", "7", "PORT", "9092");

  /**
   * A command line as a page has it.
   *
   * @param where file and line
   * @param text continued lines put together, without the comment
   * @param whole false for a mention in running text, which may leave out what is required
   */
  private record Shown(String where, String text, boolean whole) {}

  private final List<Shown> lines = read();

  private static List<Shown> read() {
    List<Shown> lines = new ArrayList<>();
    try (Stream<Path> pages = Files.walk(Path.of("docs"))) {
      for (Path page :
          Stream.concat(
                  Stream.of("README.md", "SECURITY.md", "CHANGELOG.md").map(Path::of),
                  pages.filter(page -> page.toString().endsWith(".md")).sorted())
              .toList()) {
        read(page, lines);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return lines;
  }

  private static void read(Path page, List<Shown> lines) throws IOException {
    Map<String, String> variables = new HashMap<>();
    String continued = "";
    int number = 0;
    boolean fenced = false;
    for (String line : Files.readAllLines(page)) {
      number++;
      String where = page + ":" + number;
      if (line.startsWith("```")) {
        fenced = !fenced;
        continue;
      }
      if (!fenced && !line.startsWith("    ")) {
        continued = "";
        Matcher code = Pattern.compile("`([^`]+)`").matcher(line);
        while (code.find()) {
          lines.add(new Shown(where, code.group(1), false));
        }
        continue;
      }
      String text = continued + line.strip().replaceFirst("(^|\\s+)(#|//) .*", "");
      if (text.endsWith("\\")) {
        continued = text.substring(0, text.length() - 1);
        continue;
      }
      continued = "";
      Matcher assignment = Pattern.compile("([A-Z]+)=\"([^\"$]*)\"").matcher(text);
      if (assignment.matches()) {
        variables.put(assignment.group(1), assignment.group(2));
      }
      for (Map.Entry<String, String> variable : variables.entrySet()) {
        text = text.replace("$" + variable.getKey(), variable.getValue());
      }
      lines.add(new Shown(where, text, true));
    }
  }

  /** The simple commands of a line, split into words. */
  private static List<List<String>> commands(String line) {
    List<List<String>> commands = new ArrayList<>();
    for (String part : line.split("&&|\\|\\||[|;()<>]|\\$\\(")) {
      // what may be left out is checked as if it were not; dots stand for more of the same
      String plain = part.replaceAll("[\\[\\]\"']", "").replaceAll("…|(?<= )\\.\\.\\.", " ");
      List<String> words = new ArrayList<>(List.of(plain.strip().split("\\s+")));
      words.replaceAll(word -> NUMBERS.getOrDefault(word, word));
      commands.add(words);
    }
    return commands;
  }

  /** What follows the first of the names in each command that has one of them. */
  private static List<List<String>> arguments(String line, Set<String> names) {
    return commands(line).stream()
        .filter(
            words ->
                !words.subList(0, Math.min(2, words.size())).equals(List.of("docker", "build")))
        .filter(words -> !words.get(0).equals("helm") && !words.get(0).equals("kubectl"))
        .filter(words -> words.stream().anyMatch(names::contains))
        .map(
            words -> {
              int first = 0;
              while (!names.contains(words.get(first))) {
                first++;
              }
              return words.subList(first + 1, words.size());
            })
        .toList();
  }

  @Test
  void gistreamUnderstandsItsOwn() {
    List<String> wrong = new ArrayList<>();
    Set<String> commands = new TreeSet<>();
    for (Shown shown : lines) {
      for (List<String> arguments : arguments(shown.text(), Set.of("gistream", "./gistream"))) {
        try {
          CommandLine.ParseResult parsed =
              GistreamCommand.commandLine().parseArgs(arguments.toArray(String[]::new));
          while (parsed.hasSubcommand()) {
            parsed = parsed.subcommand();
          }
          if (shown.whole()) {
            commands.add(parsed.commandSpec().qualifiedName());
          }
        } catch (MissingParameterException e) {
          if (shown.whole()) {
            wrong.add(shown.where() + ": " + arguments + ": " + e.getMessage());
          }
        } catch (ParameterException e) {
          wrong.add(shown.where() + ": " + arguments + ": " + e.getMessage());
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(commands)
        .as("commands that were found")
        .contains("gistream run", "gistream dead-letters requeue", "gistream api-key create")
        .hasSizeGreaterThan(20);
  }

  @Test
  void settingsThatAreSetAreOptions() {
    List<String> wrong = new ArrayList<>();
    int found = 0;
    for (Shown shown : lines) {
      Matcher set = Pattern.compile("gistream .*--set ([a-z][a-z0-9.-]*)=").matcher(shown.text());
      Pattern each = Pattern.compile("--set ([a-z][a-z0-9.-]*)=");
      if (!set.find() || shown.text().startsWith("helm ")) {
        continue;
      }
      for (MatchResult name : each.matcher(shown.text()).results().toList()) {
        found++;
        if (!OPTIONS.contains(name.group(1)) && !name.group(1).startsWith("kafka.")) {
          wrong.add(shown.where() + ": " + name.group(1));
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(found).isGreaterThan(10);
  }

  @Test
  void mavenIsToldProfilesTestsAndPropertiesThatThereAre() throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));
    String profiles = pom.substring(pom.indexOf("<profiles>"));
    String sources = pom + sources(Path.of("src/test/java"), ".java");
    List<String> wrong = new ArrayList<>();
    Set<String> seen = new TreeSet<>();
    for (Shown shown : lines) {
      for (List<String> arguments : arguments(shown.text(), Set.of("./mvnw"))) {
        for (String argument : arguments) {
          boolean there = true;
          if (argument.startsWith("-P")) {
            there = profiles.contains("<id>" + argument.substring(2) + "</id>");
          } else if (argument.matches("-D(it\\.)?test=.*")) {
            for (String name : argument.substring(argument.indexOf('=') + 1).split(",")) {
              there &= isTest(name);
            }
          } else if (argument.startsWith("-D") && !argument.equals("-DskipTests")) {
            there = sources.contains(argument.substring(2).replaceFirst("=.*", ""));
          }
          if (there) {
            seen.add(argument);
          } else {
            wrong.add(shown.where() + ": " + argument);
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(seen).contains("verify", "-Pchaos", "-Dtest=SessionTest");
  }

  private static boolean isTest(String pattern) throws IOException {
    PathMatcher matcher =
        FileSystems.getDefault()
            .getPathMatcher("glob:" + pattern.replaceFirst("#.*", "") + ".java");
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      return files.anyMatch(file -> matcher.matches(file.getFileName()));
    }
  }

  private static String sources(Path directory, String suffix) throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file :
          files
              .filter(file -> file.toString().endsWith(suffix))
              .filter(file -> !file.endsWith("DocumentedCommandsTest.java"))
              .toList()) {
        all.append(Files.readString(file));
      }
    }
    return all.toString();
  }

  @Test
  void theToolkitHasItsCommandsAndTheirOptions() throws IOException {
    String parser = sources(Path.of("src/main/python/srformer"), ".py");
    Set<String> known = new TreeSet<>();
    Pattern.compile("command\\(\"([a-z0-9-]+)\",")
        .matcher(parser)
        .results()
        .forEach(found -> known.add(found.group(1)));
    assertThat(known).contains("train", "tables");
    List<String> wrong = new ArrayList<>();
    Set<String> seen = new TreeSet<>();
    for (Shown shown : lines) {
      for (List<String> arguments : arguments(shown.text(), Set.of("srformer"))) {
        List<String> rest = new ArrayList<>(arguments);
        while (rest.size() > 1
            && (rest.get(0).equals("--work") || rest.get(0).equals("--threads"))) {
          rest.subList(0, 2).clear();
        }
        if (rest.isEmpty()) {
          continue;
        }
        if (!known.contains(rest.get(0))) {
          wrong.add(shown.where() + ": " + rest);
          continue;
        }
        seen.add(rest.get(0));
        for (String option : rest) {
          if (option.startsWith("--")
              && !parser.contains("\"" + option.replaceFirst("=.*", "") + "\"")) {
            wrong.add(shown.where() + ": " + option);
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(seen).contains("bundle", "convert", "ablate").hasSizeGreaterThan(10);
  }

  @Test
  void whatIsLinkedIsThere() throws IOException {
    List<String> wrong = new ArrayList<>();
    Set<String> fromReadme = new TreeSet<>();
    try (Stream<Path> pages = Files.walk(Path.of("docs"))) {
      for (Path page :
          Stream.concat(
                  Stream.of(Path.of("README.md"), Path.of("SECURITY.md")),
                  pages.filter(it -> it.toString().endsWith(".md")))
              .toList()) {
        for (MatchResult link :
            Pattern.compile("\\]\\(([^)#\\s]+)")
                .matcher(Files.readString(page))
                .results()
                .toList()) {
          if (link.group(1).contains("://")) {
            continue;
          }
          Path target = Path.of("").resolve(page).resolveSibling(link.group(1)).normalize();
          if (!Files.exists(target)) {
            wrong.add(page + ": " + link.group(1));
          } else if (page.equals(Path.of("README.md"))) {
            fromReadme.add(target.toString());
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
    try (Stream<Path> pages = Files.list(Path.of("docs"))) {
      assertThat(pages.map(Path::toString).filter(it -> it.endsWith(".md")))
          .as("the README leads to every page")
          .allMatch(fromReadme::contains);
    }
  }
}
