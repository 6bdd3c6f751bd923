package io.headrace.cli.worker;

import io.headrace.cli.ExitCode;
import io.headrace.cli.daemon.StoreOptions;
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
        name = "worker",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        synopsisSubcommandLabel = "[COMMAND]",
        subcommands = {WorkerDrainCommand.class, WorkerAdoptCommand.class},
        description = "Runs a cluster's worker: it caches the blocks that it owns, and serves them.",
        footer = {
            "",
            "It stays in the foreground and ends on SIGTERM, when it has handed over its blocks to the other workers",
            "(drain.on-stop); what it cached is there at its next start.",
            "",
            "  headrace worker --master 127.0.0.1:7300 --cache /ssd/headrace:500GiB --memory 32GiB",
            "",
            "Credentials of origins come from the environment or the platform, never from the command line."
        })
public final class WorkerCommand implements Callable<Integer> {
    @Option(
            names = "--master",
            paramLabel = "HOST:PORT,...",
            description = "Its master, with those that stand by (default: 127.0.0.1:7300).")
    private @Nullable String master;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "Where it serves blocks (default: 127.0.0.1:7301).")
    private @Nullable String listen;

    @Option(
            names = "--http",
            paramLabel = "HOST:PORT",
            description = "Where it answers /metrics, /livez and /readyz (default: nowhere).")
    private @Nullable String http;

    @Option(names = "--zone", paramLabel = "NAME", description = "The zone that it is in, for placing replicas apart.")
    private @Nullable String zone;

    @Option(
            names = "--no-drain-on-stop",
            description = "Keep the blocks on SIGTERM, for a worker that comes back soon with its disk.")
    private boolean keepsBlocks;

    @Mixin
    private StoreOptions store = new StoreOptions();

    @Mixin
    private SettingsOption settings = new SettingsOption();

    @Override
    public Integer call() throws Exception {
        Map<String, String> said = new LinkedHashMap<>(store.settings());
        Optional.ofNullable(master).ifPresent(value -> said.put("worker.master", value));
        Optional.ofNullable(listen).ifPresent(value -> said.put("worker.listen", value));
        Optional.ofNullable(http).ifPresent(value -> said.put("worker.http", value));
        Optional.ofNullable(zone).ifPresent(value -> said.put("worker.zone", value));
        if (keepsBlocks) {
            said.put("drain.on-stop", "false");
        }
        Settings all = settings.read(said);
        FaultPoints faults = FaultPoints.parse(System.getProperty("headrace.fault", ""));
        ProcessEnd.serve(
                askEnd -> WorkerNode.start(all, faults, askEnd),
                "The worker serves blocks on " + all.worker().listen() + ".",
                all.drain().onStop() ? all.drain().stopDeadline() : Duration.ZERO);
        return ExitCode.OK.status();
    }
}
