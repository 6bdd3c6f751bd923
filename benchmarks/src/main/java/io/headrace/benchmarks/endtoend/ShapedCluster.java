package io.headrace.benchmarks.endtoend;

import io.headrace.testing.cluster.HostedCluster;
import io.headrace.testing.network.NetworkHost;
import io.headrace.testing.origin.OriginHost;
import io.headrace.testing.origin.VersionedFiles;
import io.headrace.testing.origin.VersionedOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A cluster whose parts are hosts of their own, each with its own rate, by an origin of made files. The master runs from the start,
 * workers and readers are started as needed.
 */
final class ShapedCluster implements AutoCloseable {
    /** What stands for a link that sets no limit here. */
    static final int UNLIMITED = 10_000;

    static final String ORIGIN = "origin";
    private static final String MASTER = "master";
    private static final Pattern DATA_SET = Pattern.compile("data set +(\\S+)");
    private static final long WORKER_DISK_MEBIBYTES = 8192;

    /**
     * The origin, and how fast links are, in megabits a second.
     *
     * @param streamBytesPerSecond that one answer of the origin has at most; 0 for no limit
     */
    record Shape(
            VersionedFiles files,
            long streamBytesPerSecond,
            int origin,
            int workers,
            int worker,
            int clients,
            int client) {}

    private final HostedCluster cluster;
    private final OriginHost origin;
    private final Shape shape;

    private ShapedCluster(HostedCluster cluster, OriginHost origin, Shape shape) {
        this.cluster = cluster;
        this.origin = origin;
        this.shape = shape;
    }

    static ShapedCluster start(Workbench bench, String name, Shape shape) throws IOException, InterruptedException {
        List<NetworkHost> hosts =
                new ArrayList<>(List.of(new NetworkHost(ORIGIN, shape.origin), new NetworkHost(MASTER, UNLIMITED)));
        for (int i = 1; i <= shape.workers; i++) {
            hosts.add(new NetworkHost(worker(i), shape.worker));
        }
        for (int i = 1; i <= shape.clients; i++) {
            hosts.add(new NetworkHost(client(i), shape.client));
        }
        Path repository = bench.repository();
        HostedCluster cluster =
                HostedCluster.on(repository, repository.resolve("bin/headrace"), bench.folder(name), hosts);
        try {
            OriginHost origin = OriginHost.start(
                    cluster.network().on(ORIGIN),
                    cluster.network().address(ORIGIN),
                    shape.files,
                    shape.streamBytesPerSecond);
            cluster.startMaster(MASTER, Map.of());
            return new ShapedCluster(cluster, origin, shape);
        } catch (IOException | InterruptedException failure) {
            cluster.close();
            throw failure;
        }
    }

    static String worker(int number) {
        return "worker" + number;
    }

    static String client(int number) {
        return "client" + number;
    }

    HostedCluster hosts() {
        return cluster;
    }

    String master() {
        return cluster.masterAt(MASTER);
    }

    void startWorkers(int first, int last) throws IOException, InterruptedException {
        for (int i = first; i <= last; i++) {
            cluster.startWorker(
                    worker(i), Map.of(), cluster.worker(worker(i), master(), WORKER_DISK_MEBIBYTES), List.of());
        }
    }

    List<ReaderHost> startReaders() throws IOException {
        List<ReaderHost> readers = new ArrayList<>();
        for (int i = 1; i <= shape.clients; i++) {
            readers.add(ReaderHost.start(cluster.network().on(client(i)), master(), i));
        }
        return readers;
    }

    /** Rates of workers from now on. */
    void shapeWorkers(int megabits) throws IOException {
        for (int i = 1; i <= shape.workers; i++) {
            cluster.network().rate(new NetworkHost(worker(i), megabits));
        }
    }

    /** Bytes of bodies that the origin has sent. */
    long originBytes() throws IOException {
        return origin.traffic();
    }

    String originUri() {
        return VersionedOrigin.at(cluster.network().address(ORIGIN));
    }

    /** Mounts the origin's files by way of the cluster on the first client; its cache keeps as good as nothing. */
    Path mount() throws IOException, InterruptedException {
        return mount(1, 64);
    }

    /** Mounts the origin's files by way of the cluster on a client, with a cache on its disk. */
    Path mount(int client, int cacheMebibytes) throws IOException, InterruptedException {
        Path at = Files.createDirectories(mountPoint(client));
        cluster.run(
                client(client),
                Map.of(),
                "mount",
                "--master",
                master(),
                "--cache",
                cluster.folder(client(client)) + ":" + cacheMebibytes + "MiB",
                "--memory=0",
                originUri(),
                at.toString());
        return at;
    }

    private Path mountPoint(int client) {
        return cluster.folder("mount" + client);
    }

    void unmount() throws IOException, InterruptedException {
        unmount(1);
    }

    void unmount(int client) throws IOException, InterruptedException {
        cluster.run(client(client), Map.of(), "umount", mountPoint(client).toString());
    }

    /** Brings all of the only data set to so many of the workers that own each block now. */
    void load(int replicas) throws IOException, InterruptedException {
        String status = cluster.run(client(1), Map.of(), "cluster", "status", "--master", master());
        Matcher dataSet = DATA_SET.matcher(status);
        if (!dataSet.find()) {
            throw new IOException("the cluster has no data set: " + status);
        }
        cluster.run(
                client(1),
                Map.of(),
                "load",
                "--master",
                master(),
                "--wait",
                "--replicas",
                Integer.toString(replicas),
                dataSet.group(1));
    }

    @Override
    public void close() throws IOException, InterruptedException {
        origin.close();
        cluster.close();
    }
}
