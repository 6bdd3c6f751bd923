package io.headrace.client.sdk;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.headrace.client.block.ClusterSource;
import io.headrace.client.block.ClusterSource.Cluster;
import io.headrace.client.block.HedgeSettings;
import io.headrace.client.block.PeerTally;
import io.headrace.client.block.Standpoint;
import io.headrace.client.block.WorkerConnections;
import io.headrace.client.cluster.MasterAccess;
import io.headrace.client.cluster.MasterChannel;
import io.headrace.client.cluster.WatchedViews;
import io.headrace.client.local.NodeStores;
import io.headrace.client.names.RemoteNamespace;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.DirectoryCursor;
import io.headrace.protocol.Entry;
import io.headrace.protocol.Entry.DirectoryEntry;
import io.headrace.protocol.Entry.FileEntry;
import io.headrace.protocol.Namespace;
import io.headrace.protocol.cluster.RendezvousPlacement;
import io.headrace.protocol.tls.TlsIdentity;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;

/**
 * A connection to a cluster. A path begins with the name of a data set: {@code "llama/model.safetensors"}. Thread-safe. It keeps
 * no bytes: who reads the same again asks the workers again. What it holds are a connection to the master, at most
 * {@code peer.connections-per-worker} connections to each worker, and at most {@link ConnectSettings#parallelReads} threads.
 *
 * <p>Reads go on without the master; names that were asked for lately are answered for a while, others wait for it.
 */
public final class Headrace implements AutoCloseable {
    private static final Duration FIRST_VIEW = Duration.ofSeconds(10);

    private final ManagedChannel master;
    private final Optional<TlsIdentity> identity;
    private final WatchedViews views;
    private final WorkerConnections connections;
    private final Optional<NodeStores> near;
    private final RemoteNamespace names;
    private final GatheredReads reads;
    private final Jobs jobs;

    private Headrace(ConnectSettings settings, Optional<TlsIdentity> identity) {
        this.identity = identity;
        ChannelCredentials credentials =
                identity.isPresent() ? identity.get().ofClient() : InsecureChannelCredentials.create();
        master = MasterChannel.open(settings.master(), new MasterAccess(credentials, settings.token()));
        SecureRandom random = new SecureRandom();
        views = WatchedViews.start(master, random);
        names = RemoteNamespace.over(master, settings.names());
        jobs = new Jobs(master);
        connections = new WorkerConnections(settings.peer(), settings.token(), identity, HedgeSettings.defaults());
        near = settings.local().enabled()
                ? Optional.of(new NodeStores(views, settings.local(), settings.token()))
                : Optional.empty();
        Cluster cluster = new Cluster(
                views, new RendezvousPlacement(), settings.placement().replicas());
        Standpoint standpoint = settings.affinity().standpoint(random);
        reads = new GatheredReads(new ClusterSource(cluster, standpoint, connections, near), settings.parallelReads());
    }

    /**
     * In plain text, as a cluster on this machine is reached.
     *
     * @param master {@code HOST:PORT}, or several with commas between
     */
    public static Headrace connect(String master) throws IOException {
        return connect(ConnectSettings.to(master));
    }

    /**
     * @throws io.headrace.protocol.credential.CredentialException when a file of {@code settings.tls()} cannot be used
     * @throws IOException when the master does not answer within 10 s
     */
    public static Headrace connect(ConnectSettings settings) throws IOException {
        Optional<TlsIdentity> identity =
                settings.tls().isOn() ? Optional.of(TlsIdentity.open(settings.tls())) : Optional.empty();
        Headrace connected = new Headrace(settings, identity);
        boolean known = false;
        try {
            known = connected.views.awaitFirst(FIRST_VIEW);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the cluster's view was awaited", e);
        } finally {
            if (!known) {
                connected.close();
            }
        }
        if (!known) {
            throw new IOException("no master answered at " + settings.master() + " within " + FIRST_VIEW.toSeconds()
                    + " s. Does it run there? See: headrace cluster status --master " + settings.master());
        }
        return connected;
    }

    /** What a path stands for; empty when there is no such name. Never for the root. */
    public Optional<Entry> find(String path) throws IOException {
        try {
            return names.find(Bytes.utf8(path));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }

    /**
     * @throws NoSuchFileException when there is no such file
     * @throws io.headrace.protocol.OriginException when its origin does not answer, and is to be asked
     */
    public RemoteFile open(String path) throws IOException {
        if (find(path).orElseThrow(() -> new NoSuchFileException(path)) instanceof FileEntry file) {
            return new RemoteFile(file.version(), reads);
        }
        throw new NoSuchFileException(path, null, "it is a directory");
    }

    /**
     * The names in a directory, in their order, as one snapshot; of the root ({@code ""}) the data sets.
     *
     * @return for the caller to close
     * @throws NoSuchFileException when there is no such directory
     */
    public DirectoryCursor list(String path) throws IOException {
        Optional<Entry> entry = names.find(Bytes.utf8(path));
        if (entry.isPresent() && !(entry.get() instanceof DirectoryEntry)) {
            throw new NotDirectoryException(path);
        }
        return names.openDirectory(entry.map(Entry::id).orElse(Namespace.ROOT_ID));
    }

    /**
     * Has the workers bring data sets, files or directories into their caches. Returns as soon as the master has written down
     * that it is to be done.
     *
     * @throws IllegalArgumentException when a path can be none
     * @throws io.headrace.client.names.MasterException.Unavailable when the master does not answer, or has too much to do
     */
    public LoadJob load(String... paths) throws IOException {
        return load(LoadRequest.of(paths));
    }

    /** As {@link #load(String...)}, with more to say about it. */
    public LoadJob load(LoadRequest request) throws IOException {
        return jobs.submit(request);
    }

    /** A load that was asked for before, by whomever. Whether the cluster remembers it, its status says. */
    public LoadJob job(long id) {
        return new LoadJob(id, jobs);
    }

    /** What its reads of workers came to. */
    public PeerTally tally() {
        return connections.tally();
    }

    /** Ends the reads that are under way with an exception. */
    @Override
    public void close() {
        reads.close();
        connections.close();
        near.ifPresent(NodeStores::close);
        names.close();
        views.close();
        master.shutdownNow();
        identity.ifPresent(TlsIdentity::close);
    }
}
