package io.headrace.cli.master;

import io.headrace.cli.CommandException;
import io.headrace.cli.ExitCode;
import io.headrace.master.backup.OriginBackup;
import io.headrace.storage.UnderStoreOptions;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Where a command's backup lies. */
final class BackupPlace {
    @Parameters(
            paramLabel = "FILE|URI",
            description = "The backup: a file, or an object at an origin, as s3://BUCKET/FOLDER/NAME.")
    private String place = "";

    @Option(
            names = "--origin-option",
            paramLabel = "KEY=VALUE",
            description = "How that origin is reached: endpoint=https://HOST, region=NAME, profile=NAME and others;"
                    + " docs/origins lists them. Never a secret.")
    private Map<String, String> options = new LinkedHashMap<>();

    /** The caller closes it; empty for a {@link #file}. */
    Optional<OriginBackup> origin() throws IOException, CommandException {
        if (!place.contains("://")) {
            return Optional.empty();
        }
        try {
            return Optional.of(OriginBackup.at(new URI(place), UnderStoreOptions.parse(options)));
        } catch (URISyntaxException e) {
            throw new CommandException(
                    ExitCode.USAGE, "the backup's URI is none: " + e.getReason() + ". Write spaces as %20");
        }
    }

    Path file() {
        return Path.of(place).toAbsolutePath();
    }
}
