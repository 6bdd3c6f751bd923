package io.headrace.cli.reference;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A command's own words without markup; hidden parts are left out. */
record CommandTexts(CommandLine command) {
    private static final Pattern PATH = Pattern.compile("\\b(DIR|FILE|PATH)\\b");

    String name() {
        return command.getCommandName();
    }

    /** The name, and by what else the command is called. */
    List<String> names() {
        return List.copyOf(spec().names());
    }

    /** As {@code man} wants it: {@code headrace-mount}. */
    String manualName() {
        return spec().qualifiedName("-");
    }

    List<CommandTexts> subcommands() {
        return command.getSubcommands().values().stream()
                .distinct()
                .filter(subcommand ->
                        !subcommand.getCommandSpec().usageMessage().hidden())
                .map(CommandTexts::new)
                .toList();
    }

    List<OptionSpec> options() {
        return spec().options().stream().filter(option -> !option.hidden()).toList();
    }

    List<PositionalParamSpec> parameters() {
        return spec().positionalParameters().stream()
                .filter(parameter -> !parameter.hidden())
                .toList();
    }

    String synopsis() {
        return command.getHelp().synopsis(0).strip().replaceAll("\\s+", " ");
    }

    /** The first sentence of the description, without its full stop. */
    String summary() {
        String description = description();
        int end = description.indexOf(". ");
        return (end < 0 ? description : description.substring(0, end)).replaceAll("\\.$", "");
    }

    String description() {
        return joined(spec().usageMessage().description());
    }

    List<String> footer() {
        return plain(spec().usageMessage().footer()).dropWhile(String::isBlank).toList();
    }

    String version() {
        return String.join(" ", root().getCommandSpec().version());
    }

    /** Whether the value is a path of this machine, for a shell to complete. */
    static boolean isPath(OptionSpec option) {
        return PATH.matcher(option.paramLabel()).find();
    }

    /** What the value may be; empty when it is not one of a few. */
    static List<String> choices(ArgSpec option) {
        Iterable<String> candidates = option.completionCandidates();
        return candidates == null
                ? List.of()
                : StreamSupport.stream(candidates.spliterator(), false).toList();
    }

    /** What the first argument may be; empty when it is not one of a few. */
    List<String> firstChoices() {
        return parameters().stream()
                .filter(parameter -> parameter.index().contains(0))
                .flatMap(parameter -> choices(parameter).stream())
                .toList();
    }

    static String joined(String... lines) {
        return plain(lines).collect(Collectors.joining(" ")).strip();
    }

    private CommandSpec spec() {
        return command.getCommandSpec();
    }

    private CommandLine root() {
        CommandLine root = command;
        while (root.getParent() != null) {
            root = root.getParent();
        }
        return root;
    }

    private static Stream<String> plain(String... lines) {
        return Arrays.stream(lines)
                .map(line -> Ansi.OFF.string(line.replace("%n", " ").replace("%%", "%")));
    }
}
