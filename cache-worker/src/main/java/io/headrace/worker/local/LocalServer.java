package io.headrace.worker.local;

import io.headrace.protocol.local.LocalSettings;
import io.headrace.protocol.unix.RuntimeDirectory;
import io.headrace.protocol.unix.UnixSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lends files of one store over a Unix socket, to processes of the worker's user, of root, and of one group.
 *
 * <p><b>Threads.</b> One that accepts and one for each client, which sends, receives and looks into the store, and alone closes
 * its socket. {@link #close} shuts sockets down and waits for these threads.
 * <p><b>Bounds.</b> Clients, leases and lent bytes by the settings.
 */
public final class LocalServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalServer.class);
    private static final Duration MOST_END = Duration.ofSeconds(10);
    private static final Duration ACCEPT_PAUSE = Duration.ofSeconds(1);
    private static final int BACKLOG = 64;

    private final LocalParts parts;
    private final Path path;
    private final UnixSocket listener;
    private final PeerRights rights;
    private final LeaseTable table;
    private final Semaphore places;
    private final Set<LocalClient> clients = ConcurrentHashMap.newKeySet();
    private final ThreadFactory threads =
            Thread.ofPlatform().daemon().name("headrace-local-", 0).factory();
    private final Thread accepting;
    private final CountDownLatch stopping = new CountDownLatch(1);

    private LocalServer(LocalParts parts, Path path, UnixSocket listener, PeerRights rights) {
        this.parts = parts;
        this.path = path;
        this.listener = listener;
        this.rights = rights;
        this.table = new LeaseTable(parts);
        this.places = new Semaphore(parts.settings().mostClients());
        this.accepting =
                Thread.ofPlatform().daemon().name("headrace-local-accept").unstarted(this::accept);
    }

    /**
     * Listens at the worker's socket; one that a dead worker of this id left is removed.
     *
     * @throws IOException when the socket cannot be made, or others may change its directory
     */
    public static LocalServer start(LocalParts parts) throws IOException {
        LocalSettings settings = parts.settings();
        Path directory = settings.sockets().directory();
        Files.createDirectories(
                directory,
                PosixFilePermissions.asFileAttribute(
                        PosixFilePermissions.fromString(settings.group().isPresent() ? "rwxr-xr-x" : "rwx------")));
        if (!RuntimeDirectory.isSafe(directory) || !isTrusted(RuntimeDirectory.owner(directory))) {
            throw new IOException(directory + " must be a directory of root or the worker's user that nobody else may"
                    + " write; set local.directory, or local.enabled=false");
        }
        Path path = settings.sockets().of(parts.worker());
        Files.deleteIfExists(path);
        UnixSocket listener = UnixSocket.listen(path, BACKLOG);
        try {
            LocalServer server = new LocalServer(
                    parts, path, listener, new PeerRights(RuntimeDirectory.user(), permit(path, settings.group())));
            server.accepting.start();
            return server;
        } catch (IOException | RuntimeException failure) {
            listener.close();
            throw failure;
        }
    }

    /** Lets the group connect; its number. Connecting takes the right to write. */
    private static OptionalInt permit(Path socket, Optional<String> group) throws IOException {
        Files.setPosixFilePermissions(
                socket, PosixFilePermissions.fromString(group.isPresent() ? "rw-rw----" : "rw-------"));
        if (group.isEmpty()) {
            return OptionalInt.empty();
        }
        GroupPrincipal named =
                socket.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group.get());
        Files.getFileAttributeView(socket, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setGroup(named);
        return OptionalInt.of(RuntimeDirectory.group(socket));
    }

    private static boolean isTrusted(int user) {
        return user == 0 || user == RuntimeDirectory.user();
    }

    LeaseTable table() {
        return table;
    }

    private void accept() {
        try {
            boolean listening = true;
            while (listening) {
                listening = acceptNext();
            }
        } catch (Throwable failure) {
            LOG.error("clients of this machine are served over the network from now on: {} fails", path, failure);
        }
    }

    /** False when this was shut down. */
    private boolean acceptNext() throws InterruptedException {
        try {
            Optional<UnixSocket> accepted = listener.accept();
            accepted.ifPresent(this::serve);
            return accepted.isPresent();
        } catch (IOException failure) {
            LOG.warn("a client of this machine could not be accepted, and is asked to wait: {}", failure.getMessage());
            return !stopping.await(ACCEPT_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void serve(UnixSocket socket) {
        if (!places.tryAcquire()) {
            LOG.debug("a client of this machine is turned away without a word: too many connections");
            socket.close();
            return;
        }
        LocalClient client = new LocalClient(socket, parts, table, rights);
        clients.add(client);
        if (stopping.getCount() == 0) {
            client.stop();
        }
        threads.newThread(() -> {
                    try {
                        client.run();
                    } catch (Throwable unexpected) {
                        LOG.error("a client of this machine was not served to its end", unexpected);
                    } finally {
                        clients.remove(client);
                        places.release();
                    }
                })
                .start();
    }

    /** Ends all leases. Their holders may read on: what they hold is evicted only by unlinking. */
    @Override
    public void close() {
        stopping.countDown();
        listener.shutDown();
        clients.forEach(LocalClient::stop);
        try {
            boolean ended = accepting.join(MOST_END)
                    && places.tryAcquire(parts.settings().mostClients(), MOST_END.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                LOG.warn("clients of this machine did not end in time; the store's disk hangs");
            }
            Files.deleteIfExists(path);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.warn("could not remove {}", path, e);
        }
        if (!accepting.isAlive()) {
            listener.close();
        }
    }
}
