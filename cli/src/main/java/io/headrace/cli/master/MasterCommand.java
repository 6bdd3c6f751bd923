package io.headrace.cli.master;

import io.headrace.cli.ExitCode;
import io.headrace.cli.process.ProcessEnd;
import io.headrace.cli.settings.Settings;
import io.headrace.protocol.FaultPoints;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "master",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Runs a cluster's master: it knows the names of all data sets, and which workers there are.",
        footer = {
            "",
            "It stays in the foreground and ends on SIGTERM. A restart finds what it knew in its directory; readers go on"
                    + " meanwhile.",
            "",
            "  headrace master --directory /var/lib/headrace --listen 127.0.0.1:7300 --http 127.0.0.1:7380",
            "",
            "Credentials of origins come from the environment or the platform, never from the command line."
        })
public final class MasterCommand implements Callable<Integer> {
    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "Where it keeps what it knows (default: ~/.cache/headrace/master).")
    private @Nullable String directory;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "Where it answers workers and clients (default: 127.0.0.1:7300).")
    private @Nullable String listen;

    @Option(
            names = "--http",
            paramLabel = "HOST:PORT",
            description = "Where it answers /metrics, /livez and /readyz (default: nowhere).")
    private @Nullable String http;

    @Option(
            names = "--settings",
            paramLabel = "FILE",
            description = "A settings file; 'headrace settings' lists the keys.")
    private List<Path> settingsFiles = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        Map<String, String> said = new LinkedHashMap<>();
        Optional.ofNullable(directory).ifPresent(value -> said.put("master.directory", value));
        Optional.ofNullable(listen).ifPresent(value -> said.put("master.listen", value));
        Optional.ofNullable(http).ifPresent(value -> said.put("master.http", value));
        Settings settings = Settings.read(settingsFiles, System.getenv()).withAll(said);
        ProcessEnd end = ProcessEnd.onSignal();
        FaultPoints faults = FaultPoints.parse(System.getProperty("headrace.fault", ""));
        try (MasterNode _ = MasterNode.start(settings, faults)) {
            System.err.println("The master listens on " + settings.master().listen() + ".");
            end.await();
        } finally {
            end.done();
        }
        return ExitCode.OK.status();
    }
}
