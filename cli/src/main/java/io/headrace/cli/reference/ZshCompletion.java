package io.headrace.cli.reference;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.OptionSpec;

/** A completion function for zsh ({@code man zshcompsys}, {@code _arguments}). */
final class ZshCompletion {
    private ZshCompletion() {}

    static String of(CommandTexts root) {
        return "#compdef %s\n\n%s_%1$s \"$@\"\n".formatted(root.name(), functions(root, "_" + root.name()));
    }

    /** A function for the command, and one for each below it that has subcommands. */
    private static String functions(CommandTexts command, String function) {
        StringBuilder text = new StringBuilder();
        text.append(function).append("() {\n  local context state state_descr line\n  typeset -A opt_args\n");
        text.append("  _arguments -C \\\n").append(options(command, "    "));
        text.append("    '1:command:->command' \\\n    '*::argument:->argument' && return\n");
        text.append("  case $state in\n    command)\n      local -a commands=(\n");
        for (CommandTexts inner : command.subcommands()) {
            text.append("        '%s:%s'\n".formatted(inner.name(), quoted(inner.summary())));
        }
        text.append("      )\n      _describe command commands\n      ;;\n");
        text.append("    argument)\n      case $line[1] in\n");
        StringBuilder others = new StringBuilder();
        for (CommandTexts inner : command.subcommands()) {
            text.append("        %s)\n".formatted(String.join("|", inner.names())));
            if (inner.subcommands().isEmpty()) {
                text.append(arguments(inner));
            } else {
                text.append("          ")
                        .append(function)
                        .append('_')
                        .append(inner.name())
                        .append('\n');
                others.append(functions(inner, function + "_" + inner.name()));
            }
            text.append("          ;;\n");
        }
        return text.append("      esac\n      ;;\n  esac\n}\n\n").append(others).toString();
    }

    private static String arguments(CommandTexts command) {
        StringBuilder text = new StringBuilder("          _arguments \\\n");
        text.append(options(command, "            "));
        if (!command.firstChoices().isEmpty()) {
            text.append("            '1:argument:(%s)' \\\n".formatted(String.join(" ", command.firstChoices())));
        }
        return text.append(
                        command.parameters().isEmpty()
                                ? "            && return\n"
                                : "            '*:argument:_files'\n")
                .toString();
    }

    private static String options(CommandTexts command, String indent) {
        return command.options().stream()
                .flatMap(option -> Arrays.stream(option.names()).map(name -> argument(name, option)))
                .map(argument -> indent + "'" + argument + "' \\\n")
                .collect(Collectors.joining());
    }

    private static String argument(String name, OptionSpec option) {
        boolean takesValue = option.arity().max() > 0;
        String written = (option.isMultiValue() ? "*" : "") + name + (takesValue && name.startsWith("--") ? "=" : "");
        String described = written + "[" + quoted(CommandTexts.joined(option.description())) + "]";
        return takesValue ? described + ":" + label(option) + ":" + values(option) : described;
    }

    private static String label(OptionSpec option) {
        return quoted(option.paramLabel().replaceAll("[<>\\[\\]]", ""));
    }

    private static String values(OptionSpec option) {
        if (CommandTexts.isPath(option)) {
            return "_files";
        }
        List<String> choices = CommandTexts.choices(option);
        return choices.isEmpty() ? " " : "(" + String.join(" ", choices) + ")";
    }

    /** Inside single quotes, in a place where brackets and colons mean something. */
    private static String quoted(String text) {
        return text.replaceAll("([\\[\\]:\\\\])", "\\\\$1").replace("'", "'\\''");
    }
}
