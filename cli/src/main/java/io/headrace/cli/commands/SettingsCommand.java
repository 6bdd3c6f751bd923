package io.headrace.cli.commands;

import io.headrace.cli.ExitCode;
import io.headrace.cli.settings.SettingsReference;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
        name = "settings",
        mixinStandardHelpOptions = true,
        description = "Prints every setting with its environment variable, default and meaning.")
public final class SettingsCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        System.out.print(SettingsReference.markdown());
        return ExitCode.OK.status();
    }
}
