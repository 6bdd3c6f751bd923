package io.headrace.cli.jobs;

import io.headrace.cli.CommandException;
import io.headrace.cli.ExitCode;
import io.headrace.cli.OutputFormat;
import io.headrace.cli.cluster.MasterConnection;
import io.headrace.cli.settings.SettingsOption;
import io.headrace.protocol.ByteSize;
import io.headrace.protocol.cluster.MasterEndpoints;
import io.headrace.protocol.v1.JobSpec;
import io.headrace.protocol.v1.MigrateSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Copies all files of one origin to another, by the workers of a cluster. What the same command copied before "
                        + "and neither side changed since is not copied again.",
        footer = {
            "",
            "  headrace cluster start            a cluster of this machine, if there is none",
            "  headrace migrate --master node:7300 --dry-run oss://models s3://copy",
            "  headrace migrate --master node:7300 --wait oss://models s3://copy",
            "  headrace migrate --master node:7300 --wait --delete --exclude 'tmp/' \\",
            "      hdfs://name-node:8020/models file:///mnt/nas",
            "",
            "Every worker reaches both origins, with credentials of its own environment. A glob without / is for the last "
                    + "name; ** goes over folders; one that ends with / is for all below. docs/jobs.md has the rest."
        })
public final class MigrateCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "SOURCE", description = "A URI, or a folder that all workers see.")
    private String source = "";

    @Parameters(index = "1", paramLabel = "TARGET", description = "The same, apart from SOURCE.")
    private String target = "";

    @Option(names = "--master", paramLabel = "HOST:PORT", description = "The cluster whose workers copy.")
    private @Nullable String master;

    @Option(
            names = "--include",
            paramLabel = "GLOB",
            description = "Only files that match; may be repeated, and then one must match.")
    private List<String> include = new ArrayList<>();

    @Option(
            names = "--exclude",
            paramLabel = "GLOB",
            description = "No files that match, even where --include does; may be repeated.")
    private List<String> exclude = new ArrayList<>();

    @Option(
            names = "--delete",
            description = "Remove at TARGET what these globs choose and SOURCE has not, when all else went well.")
    private boolean delete;

    @Option(names = "--delete-all", description = "With --delete: even when SOURCE has no such file at all.")
    private boolean deleteAll;

    @Option(names = "--dry-run", description = "Change nothing; say what would be copied and deleted.")
    private boolean dryRun;

    @Option(names = "--verify", description = "Read back at TARGET what was copied, and compare checksums.")
    private boolean verify;

    @Option(names = "--rate", paramLabel = "SIZE", description = "Most bytes a second of all workers together.")
    private @Nullable String rate;

    @Option(names = "--wait", description = "Wait for the end. Ctrl-C leaves it running. --dry-run always waits.")
    private boolean wait;

    @Option(
            names = "--source-option",
            paramLabel = "KEY=VALUE",
            description = "How SOURCE is reached, as --origin-option of headrace mount: endpoint=URL, region=NAME and "
                    + "others. Never a secret.")
    private Map<String, String> sourceOptions = new LinkedHashMap<>();

    @Option(names = "--target-option", paramLabel = "KEY=VALUE", description = "The same of TARGET.")
    private Map<String, String> targetOptions = new LinkedHashMap<>();

    @Option(names = "--output", paramLabel = "text|json", description = "How to print (default: text).")
    private OutputFormat output = OutputFormat.TEXT;

    @Mixin
    private SettingsOption settings = new SettingsOption();

    @Override
    public Integer call() throws Exception {
        if (master == null) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "a cluster copies: say --master HOST:PORT. headrace cluster start makes one on this machine, and"
                            + " prints its master");
        }
        JobSpec spec = JobSpec.newBuilder()
                .setMigrate(MigrateSpec.newBuilder()
                        .setSource(uri(source))
                        .setTarget(uri(target))
                        .putAllSourceOptions(sourceOptions)
                        .putAllTargetOptions(targetOptions)
                        .addAllInclude(include)
                        .addAllExclude(exclude)
                        .setDelete(delete)
                        .setDeleteAll(deleteAll)
                        .setDryRun(dryRun))
                .setMaxBytesPerSecond(rate == null ? 0 : ByteSize.parse(rate).bytes())
                .setVerify(verify)
                .build();
        try (JobCalls calls =
                new JobCalls(MasterConnection.open(MasterEndpoints.parse(master), settings.read(Map.of())))) {
            return calls.submit(spec, wait || dryRun, output).status();
        }
    }

    private static String uri(String text) {
        return text.startsWith("/") || text.startsWith("./") || text.startsWith("../")
                ? Path.of(text).toAbsolutePath().normalize().toUri().toString()
                : text;
    }
}
