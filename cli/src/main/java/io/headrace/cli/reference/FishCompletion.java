package io.headrace.cli.reference;

import picocli.CommandLine.Model.OptionSpec;

/**
 * Completions for fish ({@code man complete} there). Each is offered behind the names of its command: the words before the cursor
 * that are no options begin with them.
 */
final class FishCompletion {
    private static final String FUNCTIONS = """
            function __PROGRAM_names
                set -l words (commandline -opc)
                set -e words[1]
                for word in $words
                    string match -q -- '-*' $word; or echo $word
                end
            end
            function __PROGRAM_in
                set -l names (__PROGRAM_names)
                test (count $names) -ge (count $argv); or return 1
                set -l at 0
                for wanted in $argv
                    set at (math $at + 1)
                    contains -- $names[$at] (string split / $wanted); or return 1
                end
                return 0
            end
            function __PROGRAM_choosing
                test (count (__PROGRAM_names)) -eq (count $argv); and __PROGRAM_in $argv
            end
            """;

    private final String program;
    private final StringBuilder text = new StringBuilder();

    private FishCompletion(String program) {
        this.program = program;
    }

    static String of(CommandTexts root) {
        FishCompletion completion = new FishCompletion(root.name());
        completion.text.append(FUNCTIONS.replace("PROGRAM", root.name()));
        completion.add(root, "");
        return completion.text.toString();
    }

    /** @param path the names that lead to the command, with a space before each */
    private void add(CommandTexts command, String path) {
        String chosen = "__" + program + "_in" + path;
        String here = chosen;
        for (CommandTexts inner : command.subcommands()) {
            here += "; and not __" + program + "_in" + path + " " + names(inner);
            line("__" + program + "_choosing" + path, " -f -a " + inner.name() + " -d " + quoted(inner.summary()));
        }
        if (!path.isEmpty() && command.parameters().isEmpty()) {
            line(here, " -f");
        }
        if (!command.firstChoices().isEmpty()) {
            line(here, " -f -a " + quoted(String.join(" ", command.firstChoices())));
        }
        for (OptionSpec option : command.options()) {
            line(here, option(option));
        }
        for (CommandTexts inner : command.subcommands()) {
            add(inner, path + " " + names(inner));
        }
    }

    private void line(String condition, String offer) {
        text.append("complete -c ")
                .append(program)
                .append(" -n ")
                .append(quoted(condition))
                .append(offer)
                .append('\n');
    }

    /** All names of a command, as one word. */
    private static String names(CommandTexts command) {
        return String.join("/", command.names());
    }

    private static String option(OptionSpec option) {
        StringBuilder text = new StringBuilder();
        for (String name : option.names()) {
            text.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
        }
        if (option.arity().max() > 0) {
            text.append(CommandTexts.isPath(option) ? " -r -F" : " -x");
        }
        if (!CommandTexts.choices(option).isEmpty()) {
            text.append(" -a ").append(quoted(String.join(" ", CommandTexts.choices(option))));
        }
        return text.append(" -d ")
                .append(quoted(CommandTexts.joined(option.description())))
                .toString();
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
