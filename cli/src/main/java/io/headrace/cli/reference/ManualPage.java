package io.headrace.cli.reference;

import io.headrace.cli.ExitCode;
import java.util.Locale;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A page for {@code man}, in roff ({@code man 7 man}). */
final class ManualPage {
    private final StringBuilder text = new StringBuilder();

    private ManualPage() {}

    static String of(CommandTexts command) {
        ManualPage page = new ManualPage();
        page.heading(command);
        page.parameters(command);
        page.subcommands(command);
        page.footer(command);
        page.exitStatus();
        return page.text.toString();
    }

    private void heading(CommandTexts command) {
        text.append(".TH \"%s\" 1 \"\" \"%s\" \"Headrace\"\n"
                .formatted(escaped(command.manualName().toUpperCase(Locale.ROOT)), escaped(command.version())));
        // No hyphens within the names of options, no gaps between words.
        text.append(".nh\n.ad l\n");
        section("NAME").line(command.manualName() + " - " + command.summary());
        section("SYNOPSIS").line(command.synopsis());
        section("DESCRIPTION").line(command.description());
    }

    private void parameters(CommandTexts command) {
        if (!command.parameters().isEmpty()) {
            section("ARGUMENTS");
        }
        for (PositionalParamSpec parameter : command.parameters()) {
            term(parameter.paramLabel(), CommandTexts.joined(parameter.description()));
        }
        section("OPTIONS");
        for (OptionSpec option : command.options()) {
            String names = String.join(", ", option.names());
            term(
                    option.arity().max() == 0 ? names : names + " " + option.paramLabel(),
                    CommandTexts.joined(option.description()));
        }
    }

    private void subcommands(CommandTexts command) {
        if (!command.subcommands().isEmpty()) {
            section("COMMANDS");
        }
        for (CommandTexts subcommand : command.subcommands()) {
            term(subcommand.manualName() + "(1)", subcommand.summary());
        }
    }

    private void footer(CommandTexts command) {
        if (!command.footer().isEmpty()) {
            section("NOTES");
            text.append(".nf\n");
            command.footer().forEach(this::line);
            text.append(".fi\n");
        }
    }

    private void exitStatus() {
        section("EXIT STATUS");
        for (ExitCode code : ExitCode.values()) {
            term(Integer.toString(code.status()), code.meaning());
        }
    }

    private ManualPage section(String title) {
        text.append(".SH ").append(title).append('\n');
        return this;
    }

    private void term(String term, String meaning) {
        text.append(".TP\n.B ").append(escaped(term)).append('\n');
        line(meaning);
    }

    private void line(String line) {
        String escaped = escaped(line);
        // A full stop at the start of a line would be a request.
        text.append(escaped.startsWith(".") ? "\\&" : "").append(escaped).append('\n');
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\e")
                .replace("-", "\\-")
                .replace("~", "\\(ti")
                .replace("^", "\\(ha")
                .replace("'", "\\(aq")
                .replace("`", "\\(ga")
                .replace("\n", " ");
    }
}
