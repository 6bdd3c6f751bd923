package io.headrace.cli.cluster;

import io.headrace.cli.settings.SettingsOption;
import io.headrace.protocol.cluster.MasterEndpoints;
import java.io.IOException;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which master a command asks, and with what right. */
public final class MasterOption {
    @Option(
            names = "--master",
            paramLabel = "HOST:PORT,...",
            description = "The cluster's master, with those that stand by (default: ${DEFAULT-VALUE}).")
    private String master = "127.0.0.1:7300";

    @Mixin
    private SettingsOption settings = new SettingsOption();

    public MasterEndpoints endpoints() {
        return MasterEndpoints.parse(master);
    }

    /** The caller closes it. */
    public MasterConnection connect() throws IOException {
        return MasterConnection.open(endpoints(), settings.read(Map.of()));
    }
}
