package io.headrace.cli.daemon;

import io.headrace.cli.ExitCode;
import io.headrace.cli.Failures;
import io.headrace.cli.settings.Settings;
import io.headrace.cli.settings.SettingsOption;
import io.headrace.protocol.cluster.MasterEndpoints;
import io.headrace.storage.UnderStoreOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "mount",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Mounts an origin on a directory, read-only, and caches what is read.",
        footer = {
            "",
            "Origins: oss://BUCKET/PREFIX, s3://BUCKET/PREFIX, hdfs://HOST:PORT/PATH, https://HOST/PATH, file:///PATH.",
            "",
            "  headrace mount s3://models/llama /mnt/llama",
            "  headrace mount --cache /ssd/cache:500GiB --memory 32GiB oss://models /mnt/models",
            "  headrace mount s3://a/x=weights s3://b/y=data /mnt/all      two origins in one tree",
            "  headrace mount --quota data=50GiB s3://a/x=weights s3://b/y=data /mnt/all",
            "",
            "It returns when the mount can be read, and goes on in the background. 'headrace umount DIR' ends it."
        })
public final class MountCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(MountCommand.class);

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(
            arity = "2..*",
            paramLabel = "ORIGIN... DIR",
            description = "What to mount (with several: URI=SUBDIRECTORY each), and where.")
    private List<String> originsAndDirectory = new ArrayList<>();

    @Option(
            names = "--master",
            paramLabel = "HOST:PORT,...",
            description = "Mount by a cluster: ORIGIN is a data set that it has, by name or URI, or a new one's URI.")
    private @Nullable String master;

    @Option(
            names = "--origin-fallback",
            description =
                    "With --master: read the origin itself, with this machine's credentials, while no worker answers.")
    private boolean originFallback;

    @Option(names = "--foreground", description = "Stay in the foreground, and log to the terminal.")
    private boolean foreground;

    @Mixin
    private StoreOptions store = new StoreOptions();

    @Option(
            names = "--quota",
            paramLabel = "[SUBDIRECTORY=]SIZE[:FILES]",
            description = "The most that memory and disk may each keep of one origin; more than that evicts its own.")
    private List<String> quotas = new ArrayList<>();

    @Option(names = "--prefetch", description = "Bring everything into the cache at once, in the background.")
    private boolean prefetch;

    @Option(
            names = "--read-ahead",
            paramLabel = "on|off",
            description = "Fetch what a reader is expected to read next (default: on).")
    private @Nullable Switch readAhead;

    @Option(
            names = "--refresh",
            paramLabel = "TIME",
            description = "How long a change at the origin may stay unseen (default: 60s).")
    private @Nullable String refresh;

    @Option(names = "--no-passthrough", description = "Serve complete files too, instead of the kernel.")
    private boolean noPassthrough;

    @Option(names = "--allow-other", description = "Let other users read the mount.")
    private boolean allowOther;

    @Option(names = "--allow-non-empty", description = "Mount over a directory that is not empty.")
    private boolean allowNonEmpty;

    @Option(names = "--uid", paramLabel = "ID", description = "Owner of everything (default: you).")
    private @Nullable String uid;

    @Option(names = "--gid", paramLabel = "ID", description = "Group of everything (default: yours).")
    private @Nullable String gid;

    @Option(names = "--file-mode", paramLabel = "OCTAL", description = "Permissions of files (default: 0444).")
    private @Nullable String fileMode;

    @Option(names = "--dir-mode", paramLabel = "OCTAL", description = "Permissions of directories (default: 0555).")
    private @Nullable String directoryMode;

    @Option(
            names = "--origin-option",
            paramLabel = "KEY=VALUE",
            description =
                    "How the origin is reached: endpoint=https://HOST, region=NAME, path-style=true, profile=NAME, "
                            + "anonymous=true, ca-file=PATH and others; docs/origins lists them. Never a secret.")
    private Map<String, String> originOptions = new LinkedHashMap<>();

    @Option(names = "--endpoint", paramLabel = "URL", description = "Short for --origin-option endpoint=URL.")
    private @Nullable String endpoint;

    @Option(names = "--region", paramLabel = "NAME", description = "Short for --origin-option region=NAME.")
    private @Nullable String region;

    @Option(names = "--profile", paramLabel = "NAME", description = "Short for --origin-option profile=NAME.")
    private @Nullable String profile;

    @Option(names = "--path-style", description = "Short for --origin-option path-style=true.")
    private boolean pathStyle;

    @Mixin
    private SettingsOption settings = new SettingsOption();

    @Override
    public Integer call() throws Exception {
        Announcements announcements = Announcements.open(System.getenv());
        try (MountedNode node = MountedNode.start(plan())) {
            announcements.tell(node.describe());
            announcements.ended(ExitCode.OK);
            node.awaitEnd();
            return ExitCode.OK.status();
        } catch (Exception failure) {
            LOG.debug("the mount failed", failure);
            if (failure instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            Failures told = Failures.of(failure);
            announcements.tell("headrace: " + told.message());
            announcements.ended(told.code());
            return told.code().status();
        }
    }

    private MountPlan plan() throws IOException {
        Path mountPoint =
                Path.of(originsAndDirectory.getLast()).toAbsolutePath().normalize();
        List<OriginArgument> origins = QuotaArgument.apply(
                quotas, OriginArgument.parse(originsAndDirectory.subList(0, originsAndDirectory.size() - 1)));
        Settings settings = settings();
        MountPlan plan = new MountPlan(
                master(origins),
                origins,
                UnderStoreOptions.parse(originTexts()),
                settings,
                mountPoint,
                prefetch,
                successor());
        return settings.says("store.directory") ? plan : plan.withOwnCache();
    }

    private Optional<MasterEndpoints> master(List<OriginArgument> origins) {
        if (master != null && origins.size() > 1) {
            throw new IllegalArgumentException(
                    "with --master one data set is mounted at a time; " + origins.size() + " are given");
        }
        if (master == null && originFallback) {
            throw new IllegalArgumentException(
                    "--origin-fallback is for a mount by a cluster: give --master HOST:PORT, or leave it out; without a"
                            + " cluster a mount always reads its origin itself");
        }
        return Optional.ofNullable(master).map(MasterEndpoints::parse);
    }

    /** The same command again, in the foreground of the keeper that starts it. */
    private List<String> successor() {
        String home = System.getenv("HEADRACE_HOME");
        if (home == null || spec == null) {
            return List.of();
        }
        List<String> command = new ArrayList<>(List.of(home + "/bin/headrace"));
        command.addAll(spec.root().commandLine().getParseResult().originalArgs());
        if (!foreground) {
            command.add("--foreground");
        }
        return command;
    }

    private Map<String, String> originTexts() {
        Map<String, String> texts = new LinkedHashMap<>(originOptions);
        Optional.ofNullable(endpoint).ifPresent(value -> texts.put("endpoint", value));
        Optional.ofNullable(region).ifPresent(value -> texts.put("region", value));
        Optional.ofNullable(profile).ifPresent(value -> texts.put("profile", value));
        if (pathStyle) {
            texts.put("path-style", "true");
        }
        return texts;
    }

    private Settings settings() throws IOException {
        Map<String, String> said = new LinkedHashMap<>(store.settings());
        Optional.ofNullable(refresh).ifPresent(value -> {
            said.put("mount.staleness", value);
            said.put("fuse.name-validity", value);
        });
        Optional.ofNullable(readAhead)
                .ifPresent(value -> said.put("read-ahead.enabled", Boolean.toString(value == Switch.ON)));
        Optional.ofNullable(uid).ifPresent(value -> said.put("fuse.uid", value));
        Optional.ofNullable(gid).ifPresent(value -> said.put("fuse.gid", value));
        Optional.ofNullable(fileMode).ifPresent(value -> said.put("fuse.file-mode", value));
        Optional.ofNullable(directoryMode).ifPresent(value -> said.put("fuse.directory-mode", value));
        if (originFallback) {
            said.put("origin-fallback.enabled", "true");
        }
        if (noPassthrough) {
            said.put("fuse.passthrough", "false");
        }
        if (allowOther) {
            said.put("fuse.allow-other", "true");
        }
        if (allowNonEmpty) {
            said.put("fuse.allow-non-empty", "true");
        }
        return settings.read(said);
    }
}
