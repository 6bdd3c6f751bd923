package io.headrace.cli.commands;

import io.headrace.cli.CommandException;
import io.headrace.cli.ExitCode;
import io.headrace.cli.control.Instance;
import io.headrace.cli.control.NodeClient;
import io.headrace.fuse.MountException;
import io.headrace.fuse.mount.Unmount;
import io.headrace.protocol.v1.ShutdownRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "umount",
        aliases = "unmount",
        mixinStandardHelpOptions = true,
        description = "Unmounts, and ends the process behind the mount. What is cached stays.")
public final class UmountCommand implements Callable<Integer> {
    private static final Duration END = Duration.ofSeconds(20);
    private static final long LOOK_EVERY_MILLIS = 20;

    @Parameters(arity = "0..1", paramLabel = "DIR", description = "The mount point; the only mount when left out.")
    private @Nullable Path directory;

    @Option(names = "--lazy", description = "Also when somebody uses it: they lose what they have open.")
    private boolean lazy;

    @Override
    public Integer call() throws Exception {
        Optional<Path> given = Optional.ofNullable(directory);
        Instance instance = given.isPresent() ? Instance.of(given.get()) : Instance.choose(given);
        if (!instance.isRunning()) {
            clear(instance);
            return ExitCode.OK.status();
        }
        try (NodeClient client = NodeClient.connect(instance)) {
            client.quick().shutdown(ShutdownRequest.newBuilder().setLazy(lazy).build());
        }
        awaitEnd(instance);
        return ExitCode.OK.status();
    }

    /** What a process that is gone left: its mount, its folder, or both. */
    private static void clear(Instance instance) throws IOException {
        boolean known = Files.exists(instance.folder());
        try {
            Unmount.detach(instance.mountPoint());
        } catch (MountException failure) {
            if (!known || failure.reason() != MountException.Reason.NOT_MOUNTED) {
                throw failure;
            }
        }
        instance.remove();
    }

    private static void awaitEnd(Instance instance) throws CommandException, InterruptedException {
        long deadline = System.nanoTime() + END.toNanos();
        while (Files.exists(instance.folder())) {
            if (System.nanoTime() > deadline) {
                throw new CommandException(
                        ExitCode.INCOMPLETE,
                        "unmounted, but the process has not ended after " + END.toSeconds() + " s; see its log");
            }
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
    }
}
