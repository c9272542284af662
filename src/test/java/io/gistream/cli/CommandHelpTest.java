package io.gistream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What {@code --help} of a command that has others lists of them. */
class CommandHelpTest {
  static Stream<List<String>> groups() {
    List<List<String>> groups = new ArrayList<>();
    collect(List.of(), GistreamCommand.commandLine(), groups);
    return groups.stream();
  }

  private static void collect(
      List<String> path, CommandLine command, List<List<String>> intoGroups) {
    if (command.getSubcommands().isEmpty()) {
      return;
    }
    intoGroups.add(path);
    command
        .getSubcommands()
        .forEach(
            (name, subcommand) ->
                collect(
                    Stream.concat(path.stream(), Stream.of(name)).toList(),
                    subcommand,
                    intoGroups));
  }

  @ParameterizedTest
  @MethodSource("groups")
  void eachSubcommandIsListedWithWhatItDoes(List<String> group) {
    String help = help(group);
    CommandLine command = GistreamCommand.commandLine();
    for (String name : group) {
      command = command.getSubcommands().get(name);
    }
    String own = command.getCommandSpec().usageMessage().description()[0];
    Set<String> lines = new HashSet<>();
    int shown = 0;
    for (Map.Entry<String, CommandLine> entry : command.getSubcommands().entrySet()) {
      var usage = entry.getValue().getCommandSpec().usageMessage();
      if (usage.hidden()) {
        continue;
      }
      String does = words(usage.description()[0]);
      assertThat(words(help.substring(help.indexOf("Commands:"))))
          .contains(" %s %s".formatted(entry.getKey(), does));
      assertThat(does).isNotEqualTo(words(own)).endsWith(".");
      assertThat(words(help(Stream.concat(group.stream(), Stream.of(entry.getKey())).toList())))
          .as("its own help says the same")
          .contains(does);
      lines.add(does);
      shown++;
    }
    assertThat(lines).as("no two say the same").hasSize(shown).isNotEmpty();
  }

  private static String help(List<String> command) {
    InProcess.Result result =
        InProcess.run(Stream.concat(command.stream(), Stream.of("--help")).toArray(String[]::new));
    assertThat(result.exitCode()).isEqualTo(0);
    return result.out();
  }

  /** The text without its line breaks; the help breaks a word at its dots when it must. */
  private static String words(String text) {
    return text.replaceAll("\\.\\s+(?=md\\))", ".").replaceAll("\\s+", " ");
  }
}
