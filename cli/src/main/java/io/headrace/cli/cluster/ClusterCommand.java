package io.headrace.cli.cluster;

import picocli.CommandLine.Command;

@Command(
        name = "cluster",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ClusterStartCommand.class,
            ClusterStopCommand.class,
            ClusterStatusCommand.class,
            ClusterQuotaCommand.class,
            ClusterPinCommand.class,
            ClusterUnpinCommand.class,
            ClusterPinsCommand.class,
            ClusterCertsCommand.class
        },
        description = "Runs a master and some workers on this machine, for trying and testing.",
        footer = {
            "",
            "  headrace cluster start --workers 3",
            "  headrace mount --master 127.0.0.1:7300 s3://models/llama /mnt/llama",
            "  headrace cluster status",
            "  headrace cluster stop"
        })
public final class ClusterCommand {}
