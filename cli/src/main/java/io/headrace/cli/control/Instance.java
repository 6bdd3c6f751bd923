package io.headrace.cli.control;

import io.headrace.cli.CommandException;
import io.headrace.cli.ExitCode;
import io.headrace.protocol.unix.RuntimeDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder of one running mount, where its commands find it: {@code node.sock}, {@code mount-point} and what its
 * successor needs after a crash. Only its owner can look into it.
 */
public record Instance(Path folder, Path mountPoint) {
    private static final String MOUNT_POINT = "mount-point";
    private static final String PID = "pid";
    private static final int NAME_BYTES = 8;

    /** Where instances of this user live. */
    public static Path home() {
        return RuntimeDirectory.usual();
    }

    /** The instance that a mount point has, running or not. */
    public static Instance of(Path mountPoint) {
        Path absolute = mountPoint.toAbsolutePath().normalize();
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(absolute.toString().getBytes(StandardCharsets.UTF_8));
            return new Instance(home().resolve(HexFormat.of().formatHex(digest, 0, NAME_BYTES)), absolute);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** All that were not ended cleanly or run still. */
    public static List<Instance> all() throws IOException {
        List<Instance> instances = new ArrayList<>();
        if (!Files.isDirectory(home())) {
            return instances;
        }
        requireOwn(home());
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(home())) {
            for (Path folder : folders) {
                Path mountPoint = folder.resolve(MOUNT_POINT);
                if (Files.exists(mountPoint)) {
                    instances.add(new Instance(folder, Path.of(Files.readString(mountPoint))));
                }
            }
        }
        instances.sort(Comparator.comparing(Instance::mountPoint));
        return instances;
    }

    /** The instance whose mount point is the path or above it. */
    public static Optional<Instance> holding(Path path) throws IOException {
        Path absolute = path.toAbsolutePath().normalize();
        return all().stream()
                .filter(instance -> absolute.startsWith(instance.mountPoint))
                .max(Comparator.comparingInt(instance -> instance.mountPoint.getNameCount()));
    }

    /**
     * The one that holds the path, or the only one when there is no path.
     *
     * @throws CommandException when there is none, or none can be chosen
     */
    public static Instance choose(Optional<Path> path) throws IOException, CommandException {
        if (path.isPresent()) {
            return holding(path.get())
                    .orElseThrow(() -> new CommandException(
                            ExitCode.NOT_FOUND,
                            path.get() + " is in no Headrace mount of this user. 'headrace status' lists them"));
        }
        List<Instance> instances = all();
        return switch (instances.size()) {
            case 0 ->
                throw new CommandException(
                        ExitCode.NOT_FOUND, "nothing is mounted by this user. Mount with: headrace mount URI DIR");
            case 1 -> instances.getFirst();
            default ->
                throw new CommandException(
                        ExitCode.USAGE,
                        "several mounts are running; name one of "
                                + instances.stream().map(Instance::mountPoint).toList());
        };
    }

    public Path socket() {
        return folder.resolve("node.sock");
    }

    public Path fuseState() {
        return folder.resolve("fuse-state");
    }

    /** Whether the process that mounted is there; after a crash its successor's, once that serves. */
    public boolean isRunning() throws IOException {
        Optional<String> pid = pid();
        return pid.isPresent() && isRunning(pid.get());
    }

    /** Of the process that mounted, or of its successor. */
    public Optional<String> pid() throws IOException {
        Path pid = folder.resolve(PID);
        return Files.exists(pid) ? Optional.of(Files.readString(pid).strip()) : Optional.empty();
    }

    /** One that was killed stays for a moment, or for as long as its parent does not look, as a zombie. */
    public static boolean isRunning(String pid) {
        try {
            String stat = Files.readString(Path.of("/proc", pid, "stat"));
            return "ZX".indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) < 0;
        } catch (IOException gone) {
            return false;
        }
    }

    /** Makes the folder, for this process. */
    public void create() throws IOException {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        requireOwn(home());
        Files.writeString(folder.resolve(MOUNT_POINT), mountPoint.toString());
        Files.deleteIfExists(socket());
        Files.writeString(
                folder.resolve(PID), Long.toString(ProcessHandle.current().pid()));
    }

    /** Refuses a folder that somebody else made, or may write: its sockets could be anybody's. */
    static void requireOwn(Path home) throws IOException {
        if (!RuntimeDirectory.isSafe(home) || RuntimeDirectory.owner(home) != RuntimeDirectory.user()) {
            throw new IOException(home + " must be a directory of your own that nobody else may write, and is not;"
                    + " remove it, or set XDG_RUNTIME_DIR to a directory of yours");
        }
    }

    public void remove() throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> content = Files.walk(folder)) {
            for (Path path : content.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
