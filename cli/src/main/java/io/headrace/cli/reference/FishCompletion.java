package io.headrace.cli.reference;

import picocli.CommandLine.Model.OptionSpec;

/** Completions for fish ({@code man complete} there). */
final class FishCompletion {
    private FishCompletion() {}

    static String of(CommandTexts root) {
        StringBuilder text = new StringBuilder();
        String start = "complete -c " + root.name();
        for (CommandTexts command : root.subcommands()) {
            text.append(start).append(" -f -n __fish_use_subcommand -a ").append(command.name());
            text.append(" -d ").append(quoted(command.summary())).append('\n');
        }
        for (OptionSpec option : root.options()) {
            text.append(start).append(" -n __fish_use_subcommand").append(option(option));
        }
        for (CommandTexts command : root.subcommands()) {
            String condition = " -n " + quoted("__fish_seen_subcommand_from " + String.join(" ", command.names()));
            if (command.parameters().isEmpty()) {
                text.append(start).append(condition).append(" -f\n");
            }
            if (!command.firstChoices().isEmpty()) {
                text.append(start).append(condition).append(" -f -a ");
                text.append(quoted(String.join(" ", command.firstChoices()))).append('\n');
            }
            for (OptionSpec option : command.options()) {
                text.append(start).append(condition).append(option(option));
            }
        }
        return text.toString();
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
                .append('\n')
                .toString();
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
