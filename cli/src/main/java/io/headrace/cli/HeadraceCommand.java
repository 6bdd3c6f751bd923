package io.headrace.cli;

import io.headrace.cli.bench.BenchCommand;
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
        },
        subcommands = {
            MountCommand.class,
            UmountCommand.class,
            LoadCommand.class,
            StatusCommand.class,
            StatsCommand.class,
            ListCommand.class,
            StatCommand.class,
            EvictCommand.class,
            PinCommand.class,
            UnpinCommand.class,
            CheckCommand.class,
            DoctorCommand.class,
            BenchCommand.class,
            DemoCommand.class,
            SettingsCommand.class
        })
public final class HeadraceCommand {
    @Mixin
    private GlobalOptions options = new GlobalOptions();

    GlobalOptions options() {
        return options;
    }
}
