package io.headrace.cli;

import io.headrace.cli.bench.BenchCommand;
import io.headrace.cli.caches.CacheCommand;
import io.headrace.cli.cluster.ClusterCommand;
import io.headrace.cli.commands.CheckCommand;
import io.headrace.cli.commands.EvictCommand;
import io.headrace.cli.commands.ListCommand;
import io.headrace.cli.commands.LoadCommand;
import io.headrace.cli.commands.PinCommand;
import io.headrace.cli.commands.SettingsCommand;
import io.headrace.cli.commands.StatCommand;
import io.headrace.cli.commands.StatsCommand;
import io.headrace.cli.commands.StatusCommand;
import io.headrace.cli.commands.UmountCommand;
import io.headrace.cli.commands.UnpinCommand;
import io.headrace.cli.daemon.MountCommand;
import io.headrace.cli.demo.DemoCommand;
import io.headrace.cli.doctor.DoctorCommand;
import io.headrace.cli.jobs.JobsCommand;
import io.headrace.cli.jobs.MigrateCommand;
import io.headrace.cli.master.MasterCommand;
import io.headrace.cli.security.TokenCommand;
import io.headrace.cli.worker.WorkerCommand;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "headrace",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "Brings models and data sets from object stores to programs at the speed of local memory.",
        footer = {
            "",
            "To begin:",
            "  headrace doctor                                 what this machine lacks to be fast",
            "  headrace mount s3://bucket/llama /mnt/llama     mount a bucket's folder",
            "  headrace load /mnt/llama                        bring it into the cache before use",
            "  headrace status                                 see what is mounted and cached",
            "  headrace umount /mnt/llama                      unmount",
            "",
            "Credentials come from the environment or the platform, never from the command line.",
            "Exit codes: docs/exit-codes.md. Settings: headrace settings."
        })
public final class HeadraceCommand {
    /** By name, in the order of the help; not in the annotation, so that one of them can be had without the others. */
    private static final Map<String, Supplier<Object>> COMMANDS = commands();

    @Mixin
    private GlobalOptions options = new GlobalOptions();

    private static Map<String, Supplier<Object>> commands() {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put("mount", MountCommand::new);
        commands.put("umount", UmountCommand::new);
        commands.put("load", LoadCommand::new);
        commands.put("status", StatusCommand::new);
        commands.put("stats", StatsCommand::new);
        commands.put("ls", ListCommand::new);
        commands.put("stat", StatCommand::new);
        commands.put("evict", EvictCommand::new);
        commands.put("pin", PinCommand::new);
        commands.put("unpin", UnpinCommand::new);
        commands.put("check", CheckCommand::new);
        commands.put("cache", CacheCommand::new);
        commands.put("migrate", MigrateCommand::new);
        commands.put("jobs", JobsCommand::new);
        commands.put("cluster", ClusterCommand::new);
        commands.put("master", MasterCommand::new);
        commands.put("worker", WorkerCommand::new);
        commands.put("token", TokenCommand::new);
        commands.put("doctor", DoctorCommand::new);
        commands.put("bench", BenchCommand::new);
        commands.put("demo", DemoCommand::new);
        commands.put("settings", SettingsCommand::new);
        return Collections.unmodifiableMap(commands);
    }

    /** The command line with the one command that its first argument names; with all of them when that names none. */
    CommandLine commandLine(String... arguments) {
        CommandLine commandLine = new CommandLine(this);
        COMMANDS.forEach((name, command) -> {
            if (arguments.length == 0 || !COMMANDS.containsKey(arguments[0]) || name.equals(arguments[0])) {
                commandLine.addSubcommand(name, command.get());
            }
        });
        return commandLine;
    }

    GlobalOptions options() {
        return options;
    }
}
