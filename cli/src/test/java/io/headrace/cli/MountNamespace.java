package io.headrace.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A mount namespace of its own: what a test puts over {@code /dev} there, and what it mounts, nobody else sees, and
 * nothing of it outlives the last process inside. Needs root.
 */
final class MountNamespace implements AutoCloseable {
    /** {@code nobody}, whom every machine has. */
    static final int ORDINARY_USER = 65534;

    /** The device with its usual mode, which not every machine gives it; and an empty shared memory. */
    static final String USUAL_DEVICES = "mount -t tmpfs -o mode=1777 shm /dev/shm; touch /dev/shm/fuse;"
            + " mknod -m 666 /dev/shm/device c 10 229; mount --bind /dev/shm/device /dev/fuse;"
            + " mount -t tmpfs -o mode=1777 shm /dev/shm";

    /** A {@code /dev} of a container that was given no {@code /dev/fuse}. */
    static final String NO_FUSE_DEVICE = "mount -t tmpfs -o mode=755 dev /dev; mknod -m 666 /dev/null c 1 3;"
            + " mknod -m 666 /dev/zero c 1 5; mknod -m 666 /dev/random c 1 8; mknod -m 666 /dev/urandom c 1 9;"
            + " ln -s /proc/self/fd /dev/fd; mkdir -m 1777 /dev/shm";

    private final Process holder;

    private MountNamespace(Process holder) {
        this.holder = holder;
    }

    /** @param arrangement shell commands that root runs inside before anything else */
    static MountNamespace after(String arrangement) throws IOException {
        Process holder = new ProcessBuilder(
                        "unshare", "--mount", "sh", "-ec", arrangement + "; echo arranged; exec cat")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader said = holder.inputReader();
        String line = said.readLine();
        if (!"arranged".equals(line)) {
            throw new IOException("the namespace could not be arranged: " + arrangement);
        }
        return new MountNamespace(holder);
    }

    Surroundings asRoot() {
        return new Surroundings(
                List.of("nsenter", "--mount=" + process().resolve("ns/mnt"), "--"),
                process().resolve("mountinfo"));
    }

    Surroundings asOrdinaryUser() {
        String user = Integer.toString(ORDINARY_USER);
        return asRoot().with("setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups", "--");
    }

    /** The file that has this path inside. */
    Path inside(String path) {
        return process().resolve("root" + path);
    }

    private Path process() {
        return Path.of("/proc", Long.toString(holder.pid()));
    }

    /** The holder ends with its input; the namespace with the last process inside. */
    @Override
    public void close() throws IOException {
        holder.getOutputStream().close();
    }
}
