package io.headrace.cli;

import io.headrace.cli.daemon.EarlyLoading;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;

/** Runs the command, and is the one place where failures become messages and exit codes. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        if (arguments.length > 0 && arguments[0].equals("mount")) {
            EarlyLoading.begin();
        }
        System.exit(run(arguments));
    }

    public static int run(String... arguments) {
        return commandLine(arguments).execute(arguments);
    }

    /** With the one command that the arguments name, since describing the others to picocli takes 0.1 s; else with all. */
    public static CommandLine commandLine(String... arguments) {
        HeadraceCommand command = new HeadraceCommand();
        return command.commandLine(arguments)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(reporting(command))
                .setParameterExceptionHandler(usage());
    }

    private static IExecutionExceptionHandler reporting(HeadraceCommand command) {
        return (failure, commandLine, parsed) -> {
            Failures told = Failures.of(failure);
            PrintWriter err = commandLine.getErr();
            err.println("headrace: " + told.message());
            if (command.options().verbose()) {
                failure.printStackTrace(err);
            }
            return told.code().status();
        };
    }

    private static IParameterExceptionHandler usage() {
        return (failure, arguments) -> {
            CommandLine commandLine = failure.getCommandLine();
            commandLine.getErr().println("headrace: " + failure.getMessage());
            CommandLine.UnmatchedArgumentException.printSuggestions(failure, commandLine.getErr());
            commandLine.getErr().println("Try '" + commandLine.getCommandSpec().qualifiedName() + " --help'.");
            return ExitCode.USAGE.status();
        };
    }
}
