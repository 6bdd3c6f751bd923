package io.headrace.cli.cluster;

import io.headrace.cli.CommandException;
import io.headrace.cli.ExitCode;
import io.headrace.cli.OutputFormat;
import io.headrace.cli.commands.Amounts;
import io.headrace.cli.commands.MessageJson;
import io.headrace.cli.settings.Settings;
import io.headrace.cli.settings.SettingsOption;
import io.headrace.protocol.cluster.MasterEndpoints;
import io.headrace.protocol.v1.DataSetsGrpc;
import io.headrace.protocol.v1.ListMountsReply;
import io.headrace.protocol.v1.ListMountsRequest;
import io.headrace.protocol.v1.ListWorkersReply;
import io.headrace.protocol.v1.ListWorkersRequest;
import io.headrace.protocol.v1.ListedWorker;
import io.headrace.protocol.v1.MemberState;
import io.headrace.protocol.v1.MembershipGrpc;
import io.headrace.protocol.v1.MountedDataSet;
import io.headrace.protocol.v1.TierFill;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Shows a cluster's workers, what their tiers hold, and its data sets.")
final class ClusterStatusCommand implements Callable<Integer> {
    private static final long ANSWER_SECONDS = 10;

    @Option(
            names = "--master",
            paramLabel = "HOST:PORT,...",
            description = "Of any cluster (default: the one that 'cluster start' started on this machine).")
    private @Nullable String master;

    @Option(names = "--directory", paramLabel = "DIR", description = "The cluster's folder, as given to start.")
    private @Nullable Path directory;

    @Option(names = "--output", paramLabel = "text|json", description = "How to print (default: text).")
    private OutputFormat output = OutputFormat.TEXT;

    @Mixin
    private SettingsOption settings = new SettingsOption();

    @Override
    public Integer call() throws Exception {
        MasterEndpoints masters = masters();
        Settings all = settings.read(Map.of());
        try (MasterConnection connection = MasterConnection.open(masters, all)) {
            ListWorkersReply workers = connection.ask(channel -> MembershipGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
                    .listWorkers(ListWorkersRequest.getDefaultInstance()));
            ListMountsReply dataSets = connection.ask(channel -> DataSetsGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
                    .listMounts(ListMountsRequest.getDefaultInstance()));
            print(MasterRoles.ask(masters, all), workers, dataSets);
            return ExitCode.OK.status();
        }
    }

    private MasterEndpoints masters() throws IOException, CommandException {
        if (master != null) {
            return MasterEndpoints.parse(master);
        }
        LocalCluster cluster = LocalCluster.in(directory);
        return cluster.masters()
                .orElseThrow(() -> new CommandException(
                        ExitCode.NOT_FOUND,
                        "no cluster was started in " + cluster.directory()
                                + ". Start one with: headrace cluster start, or name one by --master HOST:PORT"));
    }

    private void print(MasterRoles roles, ListWorkersReply workers, ListMountsReply dataSets) {
        if (output == OutputFormat.JSON) {
            System.out.println("{\"cluster\":" + MessageJson.of(workers) + ",\"dataSets\":" + MessageJson.of(dataSets)
                    + ",\"masters\":" + roles.json() + "}");
            return;
        }
        System.out.printf(
                "master %s, cluster %s, view %d%n", roles.leading(), workers.getClusterId(), workers.getEpoch());
        roles.others().forEach(other -> System.out.printf("  master    %s  stands by, or does not run%n", other));
        workers.getWorkersList().forEach(ClusterStatusCommand::print);
        dataSets.getMountsList().forEach(mounted -> print(mounted, workers));
    }

    private static void print(ListedWorker worker) {
        System.out.printf(
                "  worker    %s  %s:%d  %s%s  %s%n",
                worker.getMember().getId(),
                worker.getMember().getHost(),
                worker.getMember().getPort(),
                state(worker.getMember().getState()),
                worker.getDrainWanted() ? ", to be drained" : "",
                worker.getTiersList().stream().map(ClusterStatusCommand::text).collect(Collectors.joining(", ")));
    }

    private static String state(MemberState state) {
        return state.name().substring("MEMBER_STATE_".length()).toLowerCase(Locale.ROOT);
    }

    private static String text(TierFill tier) {
        return tier.getTier() + " " + Amounts.bytes(tier.getUsedBytes()) + " of "
                + Amounts.bytes(tier.getCapacityBytes());
    }

    private static void print(MountedDataSet mounted, ListWorkersReply workers) {
        System.out.printf(
                "  data set  %s  %s  %d files, %s%s%s%n",
                mounted.getDataSet().getPath(),
                mounted.getDataSet().getUri(),
                mounted.getTotals().getFiles(),
                Amounts.bytes(mounted.getTotals().getBytes()),
                kept(mounted, workers),
                mounted.getTrouble().isEmpty() ? "" : ", trouble: " + mounted.getTrouble());
    }

    /** By tier, of all workers together. */
    private static String kept(MountedDataSet mounted, ListWorkersReply workers) {
        Map<String, Long> bytes = new TreeMap<>();
        for (ListedWorker worker : workers.getWorkersList()) {
            for (TierFill tier : worker.getTiersList()) {
                tier.getDataSetsList().stream()
                        .filter(fill -> fill.getMountId().equals(mounted.getMountId()))
                        .forEach(fill -> bytes.merge(tier.getTier(), fill.getBytes(), Long::sum));
            }
        }
        long quota = mounted.getDataSet().getQuota().getBytes();
        String limit = quota == 0 ? "" : " (quota " + Amounts.bytes(quota) + ")";
        return bytes.entrySet().stream()
                        .map(tier -> ", " + tier.getKey() + " " + Amounts.bytes(tier.getValue()))
                        .collect(Collectors.joining())
                + limit;
    }
}
