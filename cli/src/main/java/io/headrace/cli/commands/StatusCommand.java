package io.headrace.cli.commands;

import io.headrace.cli.CommandException;
import io.headrace.cli.ExitCode;
import io.headrace.cli.OutputFormat;
import io.headrace.cli.control.Instance;
import io.headrace.cli.control.NodeClient;
import io.headrace.protocol.v1.GetStatusRequest;
import io.headrace.protocol.v1.NodeStatus;
import io.headrace.protocol.v1.OriginStatus;
import io.headrace.protocol.v1.OriginUsage;
import io.headrace.protocol.v1.TierStatus;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Shows what is mounted, how it is read, what is cached and what is wrong.")
public final class StatusCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "DIR", description = "A mount; all when left out.")
    private @Nullable Path directory;

    @Option(names = "--output", paramLabel = "text|json", description = "How to print (default: text).")
    private OutputFormat output = OutputFormat.TEXT;

    @Override
    public Integer call() throws Exception {
        Optional<Path> given = Optional.ofNullable(directory);
        List<Instance> instances = given.isPresent() ? List.of(Instance.choose(given)) : Instance.all();
        if (instances.isEmpty() && output == OutputFormat.TEXT) {
            System.out.println("Nothing is mounted. Mount with: headrace mount URI DIR");
        }
        ExitCode worst = ExitCode.OK;
        for (Instance instance : instances) {
            try (NodeClient client = NodeClient.connect(instance)) {
                print(client.quick().getStatus(GetStatusRequest.getDefaultInstance()));
            } catch (CommandException gone) {
                System.err.println("headrace: " + gone.getMessage());
                worst = gone.code();
            }
        }
        return worst.status();
    }

    private void print(NodeStatus status) {
        if (output == OutputFormat.JSON) {
            System.out.println(MessageJson.of(status));
            return;
        }
        System.out.printf(
                "%s  (pid %d, since %s)%n",
                status.getMountPoint(), status.getPid(), Amounts.time(status.getStartedUnixMillis()));
        System.out.printf("  reads      %s%n", status.getReadMode());
        System.out.printf(
                "  namespace  %d files, %d directories, %s%n",
                status.getFiles(), status.getDirectories(), Amounts.bytes(status.getBytes()));
        status.getOriginsList().forEach(StatusCommand::print);
        if (status.getTimeToLiveMillis() > 0) {
            System.out.printf(
                    "  keeps      what somebody opened within %s%n", Amounts.duration(status.getTimeToLiveMillis()));
        }
        status.getTiersList().forEach(StatusCommand::print);
        if (!status.getLogFile().isEmpty()) {
            System.out.printf("  log        %s%n", status.getLogFile());
        }
    }

    private static void print(OriginStatus origin) {
        System.out.printf(
                "  origin     %s%s, %s%n",
                origin.getUri(),
                origin.getSubdirectory().isEmpty() ? "" : " in " + origin.getSubdirectory() + "/",
                origin.getCluster().isEmpty() ? listed(origin) : "by a cluster: " + origin.getCluster());
        boolean shares = origin.getQuotaBytes() > 0
                || origin.getQuotaFiles() > 0
                || !origin.getSubdirectory().isEmpty();
        if (shares) {
            origin.getUsageList().forEach(usage -> System.out.printf("             %s%n", use(origin, usage)));
        }
        if (!origin.getFailure().isEmpty()) {
            System.out.printf(
                    "             trouble at %s: %s%n",
                    Amounts.time(origin.getFailureUnixMillis()), origin.getFailure());
        }
        if (origin.getUnreachableTotal() > 0) {
            System.out.printf("             %d keys no path can stand for:%n", origin.getUnreachableTotal());
            origin.getUnreachableKeysList().forEach(key -> System.out.printf("               %s%n", key));
        }
    }

    private static String listed(OriginStatus origin) {
        return origin.getListing() ? "being listed" : "listed " + Amounts.time(origin.getListedUnixMillis());
    }

    private static String use(OriginStatus origin, OriginUsage usage) {
        return "%s: %s%s, %d%s files"
                .formatted(
                        usage.getTier(),
                        Amounts.bytes(usage.getBytes()),
                        origin.getQuotaBytes() > 0 ? " of " + Amounts.bytes(origin.getQuotaBytes()) : "",
                        usage.getFiles(),
                        origin.getQuotaFiles() > 0 ? " of " + origin.getQuotaFiles() : "");
    }

    private static void print(TierStatus tier) {
        System.out.printf(
                "  %-9s  %s of %s (%s), %d files, %s pinned, %s evicted so far%n",
                tier.getName(),
                Amounts.bytes(tier.getUsedBytes()),
                Amounts.bytes(tier.getCapacityBytes()),
                Amounts.percent(tier.getUsedBytes(), tier.getCapacityBytes()),
                tier.getFiles(),
                Amounts.bytes(tier.getPinnedBytes()),
                Amounts.bytes(tier.getEvictedBytes()));
    }
}
