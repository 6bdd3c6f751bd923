package io.headrace.cli.reference;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.OptionSpec;

/** A completion function for zsh ({@code man zshcompsys}, {@code _arguments}). */
final class ZshCompletion {
    private ZshCompletion() {}

    static String of(CommandTexts root) {
        StringBuilder text = new StringBuilder();
        text.append("#compdef %s\n\n_%1$s() {\n".formatted(root.name()));
        text.append("  local context state state_descr line\n  typeset -A opt_args\n");
        text.append("  _arguments -C \\\n").append(options(root, "    "));
        text.append("    '1:command:->command' \\\n    '*::argument:->argument' && return\n");
        text.append("  case $state in\n    command)\n      local -a commands=(\n");
        for (CommandTexts command : root.subcommands()) {
            text.append("        '%s:%s'\n".formatted(command.name(), quoted(command.summary())));
        }
        text.append("      )\n      _describe command commands\n      ;;\n");
        text.append("    argument)\n      case $line[1] in\n");
        for (CommandTexts command : root.subcommands()) {
            text.append("        %s)\n          _arguments \\\n".formatted(String.join("|", command.names())));
            text.append(options(command, "            "));
            if (!command.firstChoices().isEmpty()) {
                text.append("            '1:argument:(%s)' \\\n".formatted(String.join(" ", command.firstChoices())));
            }
            text.append(
                    command.parameters().isEmpty() ? "            && return\n" : "            '*:argument:_files'\n");
            text.append("          ;;\n");
        }
        return text.append("      esac\n      ;;\n  esac\n}\n\n_%s \"$@\"\n".formatted(root.name()))
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
