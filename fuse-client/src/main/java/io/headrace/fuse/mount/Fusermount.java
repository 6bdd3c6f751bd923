package io.headrace.fuse.mount;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.headrace.fuse.MountException;
import io.headrace.fuse.MountException.Reason;
import io.headrace.fuse.kernel.ChildProcess;
import io.headrace.fuse.kernel.Libc;
import io.headrace.protocol.unix.UnixSocket;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The set-user-id program of libfuse that mounts for ordinary users: it opens {@code /dev/fuse}, mounts, and sends the
 * descriptor over the socket that {@code _FUSE_COMMFD} names (libfuse, {@code util/fusermount.c}).
 */
final class Fusermount {
    private static final Logger LOG = LoggerFactory.getLogger(Fusermount.class);
    private static final int COMMUNICATION_FD = 3;
    private static final long TIMEOUT_SECONDS = 10;
    private static final int MESSAGE_BYTES = 8;

    private Fusermount() {}

    /** @return the mounted {@code /dev/fuse}, which the caller owns */
    static int mount(Path mountPoint, String options) throws IOException {
        String program = program();
        try (UnixSocket.Pair sockets = UnixSocket.pair();
                Arena arena = Arena.ofConfined()) {
            Duration patience = Duration.ofSeconds(TIMEOUT_SECONDS);
            sockets.ours().patience(patience, patience);
            MemorySegment pipe = arena.allocate(JAVA_INT, 2);
            if (Libc.pipe(pipe) < 0) {
                throw new IOException("cannot make a pipe");
            }
            int readEnd = pipe.getAtIndex(JAVA_INT, 0);
            Map<Integer, Integer> inherited = new TreeMap<>();
            inherited.put(2, Libc.duplicateHigh(pipe.getAtIndex(JAVA_INT, 1)));
            inherited.put(COMMUNICATION_FD, Libc.duplicateHigh(sockets.theirs().descriptor()));
            int child;
            try {
                child = ChildProcess.start(
                        List.of(program, "-o", options, "--", mountPoint.toString()),
                        Map.of("_FUSE_COMMFD", Integer.toString(COMMUNICATION_FD)),
                        inherited);
            } finally {
                inherited.values().forEach(Libc::close);
                Libc.close(pipe.getAtIndex(JAVA_INT, 1));
                sockets.theirs().close();
            }
            OptionalInt device = receive(sockets.ours());
            String complaint = drain(readEnd, arena);
            int status = ChildProcess.reap(child).orElse(-1);
            return device.orElseThrow(() -> refused(mountPoint, status, complaint));
        }
    }

    /** Empty when the program closed its end, or sent no descriptor in time; what it says tells why. */
    private static OptionalInt receive(UnixSocket socket) {
        try {
            return socket.receive(ByteBuffer.allocate(MESSAGE_BYTES)).descriptor();
        } catch (IOException silent) {
            LOG.debug("fusermount3 sent nothing", silent);
            return OptionalInt.empty();
        }
    }

    static void unmount(Path mountPoint, boolean lazily) throws IOException {
        List<String> command = new ArrayList<>(List.of(program(), "-u"));
        if (lazily) {
            command.add("-z");
        }
        command.addAll(List.of("--", mountPoint.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (var output = process.getInputStream()) {
            String complaint = new String(output.readAllBytes(), StandardCharsets.UTF_8).strip();
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new MountException(Reason.BUSY, "fusermount3 -u " + mountPoint + " hangs");
            }
            if (process.exitValue() != 0) {
                boolean busy = complaint.contains("busy");
                boolean absent = complaint.contains("not found in") || complaint.contains("not mounted");
                Reason reason = busy ? Reason.BUSY : absent ? Reason.NOT_MOUNTED : Reason.SYSTEM_CALL_FAILED;
                throw new MountException(
                        reason,
                        "cannot unmount " + mountPoint + ": " + complaint
                                + (busy ? "; end the programs that use it (fuser -vm " + mountPoint + ")" : ""));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while unmounting " + mountPoint, interrupted);
        }
    }

    private static String program() throws MountException {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(Stream.of(path.split(":")), Stream.of("/usr/bin", "/bin", "/usr/local/bin"))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, "fusermount3"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new MountException(
                        Reason.NO_FUSERMOUNT,
                        "fusermount3 was not found on PATH; ordinary users need it to mount. Install the package fuse3,"
                                + " or run as root"))
                .toString();
    }

    private static String drain(int readEnd, Arena arena) {
        MemorySegment buffer = arena.allocate(4096);
        StringBuilder text = new StringBuilder();
        long read;
        while ((read = Libc.read(readEnd, buffer)) > 0) {
            text.append(StandardCharsets.UTF_8.decode(buffer.asSlice(0, read).asByteBuffer()));
        }
        Libc.close(readEnd);
        return text.toString().strip();
    }

    private static MountException refused(Path mountPoint, int status, String complaint) {
        if (complaint.contains("allow_other")) {
            return new MountException(
                    Reason.ALLOW_OTHER_FORBIDDEN,
                    "this user may not mount for others; add the line \"user_allow_other\" to /etc/fuse.conf, or mount"
                            + " without it (fuse.allow-other=false)");
        }
        if (complaint.contains("/dev/fuse") || complaint.contains("modprobe")) {
            return complaint.contains("ermission denied")
                    ? Mounter.mayNotOpen()
                    : Mounter.noDevice("cannot be opened (" + complaint + ")");
        }
        boolean denied = complaint.contains("ermission") || complaint.contains("no write access");
        return new MountException(
                denied ? Reason.NOT_PERMITTED : Reason.SYSTEM_CALL_FAILED,
                "fusermount3 refused to mount " + mountPoint + " (status " + status + "): " + complaint
                        + (denied ? "; the directory must belong to you and be writable" : ""));
    }
}
