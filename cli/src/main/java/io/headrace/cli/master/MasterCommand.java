package io.headrace.cli.master;

import io.headrace.cli.ExitCode;
import io.headrace.cli.process.ProcessEnd;
import io.headrace.cli.settings.Settings;
import io.headrace.cli.settings.SettingsOption;
import io.headrace.protocol.FaultPoints;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "master",
        subcommands = {MasterBackupCommand.class, MasterRestoreCommand.class},
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Runs a cluster's master: it knows the names of all data sets, and which workers there are.",
        footer = {
            "",
            "It stays in the foreground and ends on SIGTERM. A restart finds what it knew in its directory; readers go on"
                    + " meanwhile.",
            "",
            "  headrace master --directory /var/lib/headrace --listen 127.0.0.1:7300 --http 127.0.0.1:7380",
            "  headrace master --standby --directory /shared/headrace --listen 10.0.0.2:7300",
            "  headrace master backup /backups/master --master 127.0.0.1:7300",
            "  headrace master restore /backups/master --directory /var/lib/headrace",
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
            names = "--standby",
            description = "When another master leads on the directory, wait until that ends, and lead then.")
    private boolean standby;

    @Mixin
    private SettingsOption settings = new SettingsOption();

    @Override
    public Integer call() throws Exception {
        Map<String, String> said = new LinkedHashMap<>();
        Optional.ofNullable(directory).ifPresent(value -> said.put("master.directory", value));
        Optional.ofNullable(listen).ifPresent(value -> said.put("master.listen", value));
        Optional.ofNullable(http).ifPresent(value -> said.put("master.http", value));
        if (standby) {
            said.put("master.standby", "true");
        }
        Settings all = settings.read(said);
        FaultPoints faults = FaultPoints.parse(System.getProperty("headrace.fault", ""));
        if (all.master().standby()) {
            ProcessEnd.serve(
                    askEnd -> StandbyMaster.start(all, faults, askEnd),
                    "The master will listen on " + all.master().listen() + " when no other leads.",
                    Duration.ZERO);
        } else {
            ProcessEnd.serve(
                    () -> MasterNode.start(all, faults),
                    "The master listens on " + all.master().listen() + ".");
        }
        return ExitCode.OK.status();
    }
}
