package io.headrace.protocol.unix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;

/** Where the processes of one user have their sockets. */
public final class RuntimeDirectory {
    private RuntimeDirectory() {}

    /** {@code $XDG_RUNTIME_DIR/headrace}, {@code /run/headrace} for root, else {@code /tmp/headrace-USER}. */
    public static Path usual() {
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        if (runtime != null && !runtime.isBlank()) {
            return Path.of(runtime, "headrace");
        }
        String user = System.getProperty("user.name");
        return user.equals("root") ? Path.of("/run/headrace") : Path.of("/tmp", "headrace-" + user);
    }

    /** The user that this process acts as. */
    public static int user() {
        return SocketCalls.effectiveUser();
    }

    /** Whether it is a directory that only its owner may change; anybody's sockets could be in another. */
    public static boolean isSafe(Path directory) throws IOException {
        PosixFileAttributes attributes =
                Files.readAttributes(directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return attributes.isDirectory()
                && !attributes.permissions().contains(PosixFilePermission.GROUP_WRITE)
                && !attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE);
    }

    /** The number of the user who owns a file. */
    public static int owner(Path file) throws IOException {
        return (int) Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }

    /** The number of the group that a file is of. */
    public static int group(Path file) throws IOException {
        return (int) Files.getAttribute(file, "unix:gid", LinkOption.NOFOLLOW_LINKS);
    }
}
