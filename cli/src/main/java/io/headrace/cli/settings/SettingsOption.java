package io.headrace.cli.settings;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** The option of every command that reads settings. */
public final class SettingsOption {
    @Option(
            names = "--settings",
            paramLabel = "FILE",
            description = "A settings file; 'headrace settings' lists the keys.")
    private List<Path> files = new ArrayList<>();

    /** As another process of the same command is given it. */
    public List<String> arguments() {
        return files.stream()
                .flatMap(file -> Stream.of("--settings", file.toAbsolutePath().toString()))
                .toList();
    }

    /**
     * What the files and the environment say, and over them the command line.
     *
     * @param said by the command line's other options
     */
    public Settings read(Map<String, String> said) throws IOException {
        return Settings.read(files, System.getenv()).withAll(said);
    }
}
