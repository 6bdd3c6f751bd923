package io.headrace.cli.demo;

import io.headrace.cli.CommandException;
import io.headrace.cli.ExitCode;
import io.headrace.protocol.ByteSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A mount made by the launcher, as a user makes it, in a temporary folder; closing leaves nothing. Thread-safe. */
final class DemoMount implements AutoCloseable {
    private static final long COMMAND_SECONDS = 60;
    /** Beside the model: what the cache keeps for itself. */
    private static final ByteSize SPARE = ByteSize.ofMebibytes(512);

    private final Path launcher;
    private final TemporaryFolder folder;
    private boolean mounted;
    private boolean closed;

    private DemoMount(Path launcher, TemporaryFolder folder) {
        this.launcher = launcher;
        this.folder = folder;
    }

    static DemoMount prepare(Path launcher) throws IOException {
        TemporaryFolder folder = TemporaryFolder.onDisk();
        Files.createDirectory(folder.path().resolve("mount"));
        return new DemoMount(launcher, folder);
    }

    Path directory() {
        return folder.path().resolve("mount");
    }

    synchronized void mount(DemoStore store, long modelBytes)
            throws IOException, InterruptedException, CommandException {
        if (closed) {
            throw new CommandException(ExitCode.INTERRUPTED, "interrupted");
        }
        long room = modelBytes + SPARE.bytes();
        List<String> arguments =
                new ArrayList<>(List.of("mount", "--cache", folder.path().resolve("cache") + ":" + room));
        store.options().forEach((option, value) -> {
            arguments.add("--origin-option");
            arguments.add(option.key() + "=" + value);
        });
        arguments.add(DemoStore.LOCATION.toString());
        arguments.add(directory().toString());
        mounted = true;
        if (run(arguments) != 0) {
            mounted = false;
            throw new CommandException(
                    ExitCode.FAILED, "the demo's mount failed (see above); headrace doctor may know why");
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (mounted && run(List.of("umount", "--lazy", directory().toString())) != 0) {
                throw new IOException("the demo's mount on " + directory()
                        + " could not be unmounted; run: headrace umount --lazy " + directory());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while unmounting " + directory(), interrupted);
        }
        folder.close();
    }

    private int run(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).inheritIO().start();
        if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
            process.destroy();
            throw new IOException(String.join(" ", command) + " did not end in " + COMMAND_SECONDS + " s");
        }
        return process.exitValue();
    }
}
