package io.headrace.fuse.mount;

import io.headrace.fuse.MountException;
import io.headrace.fuse.MountException.Reason;
import io.headrace.fuse.mount.MountTable.Mounted;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A directory to mount on, looked at without ever waiting for a file system that does not answer. */
public final class MountPoint {
    private static final Logger LOG = LoggerFactory.getLogger(MountPoint.class);
    private static final long PROBE_SECONDS = 5;

    private enum Answer {
        EMPTY,
        FULL,
        MISSING,
        NOT_A_DIRECTORY,
        DISCONNECTED,
        FORBIDDEN,
        NONE
    }

    private MountPoint() {}

    /**
     * Makes sure that {@code path} can be mounted on. The remains of a Headrace mount whose process died are unmounted.
     *
     * @return the path as the mount table will show it
     */
    public static Path prepare(Path path, boolean allowNonEmpty) throws IOException {
        Path absolute = path.toAbsolutePath().normalize();
        Answer answer = probe(absolute);
        Optional<Mounted> mounted = MountTable.read().at(absolute);
        if (answer == Answer.DISCONNECTED && mounted.filter(Mounted::isHeadrace).isPresent()) {
            LOG.warn("{} holds the remains of a Headrace mount whose process died; unmounting them", absolute);
            Unmount.detach(absolute);
            return prepare(absolute, allowNonEmpty);
        }
        if (mounted.filter(Mounted::isHeadrace).isPresent()) {
            throw new MountException(
                    Reason.ALREADY_MOUNTED,
                    absolute + " is a Headrace mount of " + mounted.get().source()
                            + " already; unmount it first (headrace umount " + absolute + ") or choose another place");
        }
        return judge(absolute, answer, allowNonEmpty);
    }

    private static Path judge(Path path, Answer answer, boolean allowNonEmpty) throws IOException {
        return switch (answer) {
            case EMPTY -> real(path);
            case FULL -> {
                if (allowNonEmpty) {
                    yield real(path);
                }
                throw new MountException(
                        Reason.MOUNT_POINT_NOT_EMPTY,
                        path + " is not empty, and a mount would hide what it holds; choose an empty directory or"
                                + " allow it (fuse.allow-non-empty)");
            }
            case MISSING ->
                throw new MountException(
                        Reason.MOUNT_POINT_MISSING, path + " does not exist; create it: mkdir -p " + path);
            case NOT_A_DIRECTORY ->
                throw new MountException(
                        Reason.MOUNT_POINT_NOT_A_DIRECTORY, path + " is not a directory; choose one that is");
            case DISCONNECTED ->
                throw new MountException(
                        Reason.BUSY,
                        path + " holds another file system whose process died; unmount it: fusermount3 -u " + path);
            case FORBIDDEN ->
                throw new MountException(
                        Reason.NOT_PERMITTED, path + " cannot be read by this user; choose a directory of your own");
            case NONE ->
                throw new MountException(
                        Reason.BUSY,
                        path + " did not answer within " + PROBE_SECONDS
                                + " s; whatever is mounted there hangs: umount -l " + path);
        };
    }

    private static Path real(Path path) throws IOException {
        Path real = path.toRealPath();
        return real.equals(path) ? real : prepareResolved(real);
    }

    /** A symbolic link may point at a mount. */
    private static Path prepareResolved(Path real) throws IOException {
        if (MountTable.read().at(real).filter(Mounted::isHeadrace).isPresent()) {
            throw new MountException(Reason.ALREADY_MOUNTED, real + " is a Headrace mount already; unmount it first");
        }
        return real;
    }

    private static Answer probe(Path path) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("headrace-mount-probe").start(() -> answer.complete(look(path)));
        try {
            return answer.get(PROBE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException hangs) {
            return Answer.NONE;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Answer.NONE;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("look() never fails", impossible);
        }
    }

    private static Answer look(Path path) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
            return entries.iterator().hasNext() ? Answer.FULL : Answer.EMPTY;
        } catch (java.nio.file.NoSuchFileException missing) {
            return Answer.MISSING;
        } catch (java.nio.file.NotDirectoryException notOne) {
            return Answer.NOT_A_DIRECTORY;
        } catch (java.nio.file.AccessDeniedException denied) {
            return Answer.FORBIDDEN;
        } catch (IOException other) {
            boolean gone = String.valueOf(other.getMessage()).contains("not connected")
                    || String.valueOf(other.getMessage()).contains("connection abort");
            if (gone) {
                return Answer.DISCONNECTED;
            }
            return Files.exists(path, LinkOption.NOFOLLOW_LINKS) ? Answer.NOT_A_DIRECTORY : Answer.MISSING;
        }
    }
}
