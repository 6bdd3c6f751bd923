package io.headrace.cli.daemon;

import io.headrace.cli.Version;
import io.headrace.cli.caches.OwnCaches;
import io.headrace.cli.control.Instance;
import io.headrace.cli.control.NodeServer;
import io.headrace.cli.control.NodeService;
import io.headrace.cli.control.NodeView;
import io.headrace.client.ReadAheads;
import io.headrace.fuse.FuseMount;
import io.headrace.fuse.FuseSettings;
import io.headrace.fuse.MountContent;
import io.headrace.fuse.MountTarget;
import io.headrace.fuse.Succession;
import io.headrace.fuse.Succession.Remains;
import io.headrace.fuse.mount.MountPoint;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.Namespace;
import io.headrace.protocol.RangeSource;
import io.headrace.protocol.v1.NodeStatus;
import io.headrace.store.BlockStore;
import io.headrace.store.MemoryRemains;
import io.headrace.worker.FileLoader;
import io.headrace.worker.LoadSettings;
import io.headrace.worker.NamespaceWalker;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One process that mounts: names, bytes and a store, its own or a cluster's, and the file system. Parts are opened in the order in which they
 * need each other, and closed in the reverse.
 */
final class MountedNode implements NodeView, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MountedNode.class);

    private static final Duration SERVER_START = Duration.ofSeconds(10);

    private final MountPlan plan;
    private final Instance instance;
    private final NodeParts parts;
    private final FuseMount mount;
    private final CompletableFuture<NodeServer> server;
    private final Thread stopper;
    private final long startedMillis = System.currentTimeMillis();

    private MountedNode(MountPlan plan, Instance instance, NodeParts parts, FuseMount mount) {
        this.plan = plan;
        this.instance = instance;
        this.parts = parts;
        this.mount = mount;
        // Beside the mount's user, who need not wait for it: commands wait for the socket.
        this.server = CompletableFuture.supplyAsync(
                this::startServer,
                task -> Thread.ofPlatform().daemon().name("headrace-control").start(task));
        this.stopper = Thread.ofPlatform().name("headrace-stop").unstarted(this::unmountNow);
        Runtime.getRuntime().addShutdownHook(stopper);
    }

    static MountedNode start(MountPlan plan) throws IOException {
        if (FuseMount.isSuccessor()) {
            return serve(plan, Instance.of(plan.mountPoint()));
        }
        // Before the instance is made: another mount may have it.
        Path _ = MountPoint.prepare(plan.mountPoint(), plan.settings().fuse().allowNonEmpty());
        Instance instance = Instance.of(plan.mountPoint());
        try {
            return serve(plan, instance);
        } catch (IOException | RuntimeException failure) {
            instance.remove();
            throw failure;
        }
    }

    private static MountedNode serve(MountPlan plan, Instance instance) throws IOException {
        MeterRegistry meters = new SimpleMeterRegistry();
        FaultPoints faults = FaultPoints.parse(System.getProperty("headrace.fault", ""));
        NodeParts parts = open(plan, faults, meters);
        try {
            MountContent content = new MountContent(
                    parts.namespace(),
                    file -> parts.store().open(file.version(), parts.source()),
                    file -> ReadAheads.forFile(
                            file.name(),
                            file.version().lengthBytes(),
                            plan.settings().readAhead()),
                    ReadAheads.forDirectories(plan.settings().readAhead()));
            return finish(plan, instance, parts, mount(plan, instance, content, meters));
        } catch (IOException | RuntimeException failure) {
            parts.close();
            throw failure;
        }
    }

    private static NodeParts open(MountPlan plan, FaultPoints faults, MeterRegistry meters) throws IOException {
        return plan.master().isPresent()
                ? ClusterParts.open(plan, plan.master().get(), faults, meters)
                : OwnParts.open(plan, faults, meters);
    }

    private static FuseMount mount(MountPlan plan, Instance instance, MountContent content, MeterRegistry meters)
            throws IOException {
        instance.create();
        Optional<Succession> succession = plan.successor().isEmpty()
                ? Optional.empty()
                : Optional.of(Succession.of(instance.fuseState(), plan.successor(), remains(plan, instance)));
        MountTarget target = new MountTarget(plan.mountPoint(), plan.source(), succession);
        FuseSettings settings = plan.settings().fuse();
        return FuseMount.isSuccessor()
                ? FuseMount.recover(target, settings, content, meters)
                : FuseMount.mount(target, settings, content, meters);
    }

    private static List<Remains> remains(MountPlan plan, Instance instance) throws IOException {
        MemoryRemains memory = MemoryRemains.of(plan.storeSettings());
        List<Remains> remains = new ArrayList<>(List.of(new Remains(instance.folder(), Optional.empty())));
        memory.directories().forEach(directory -> remains.add(new Remains(directory, Optional.of(memory.lock()))));
        return remains;
    }

    private static MountedNode finish(MountPlan plan, Instance instance, NodeParts parts, FuseMount mount)
            throws IOException {
        try {
            MountedNode node = new MountedNode(plan, instance, parts, mount);
            if (plan.prefetch()) {
                node.loader().start(new NamespaceWalker(parts.namespace(), List.of("")), node.loadSettings());
            }
            return node;
        } catch (RuntimeException failure) {
            mount.close();
            throw failure;
        }
    }

    private NodeServer startServer() {
        try {
            return NodeServer.start(instance, new NodeService(this));
        } catch (IOException e) {
            LOG.error("commands for the mount on {} cannot be answered", plan.mountPoint(), e);
            throw new UncheckedIOException(e);
        }
    }

    String describe() {
        return plan.source() + " is " + mount.describe() + "; its cache is "
                + plan.settings().store().directory();
    }

    /** Waits until it is unmounted, by a command, a signal or anybody's {@code umount}. */
    void awaitEnd() throws InterruptedException {
        mount.awaitUnmounted();
    }

    @Override
    public NodeStatus status() {
        return new StatusReport(plan, parts, mount)
                .message()
                .setPid(ProcessHandle.current().pid())
                .setVersion(Version.current())
                .setStartedUnixMillis(startedMillis)
                .build();
    }

    @Override
    public Namespace namespace() {
        return parts.namespace();
    }

    @Override
    public BlockStore store() {
        return parts.store();
    }

    @Override
    public RangeSource source() {
        return parts.source();
    }

    @Override
    public FileLoader loader() {
        return new FileLoader(parts.store(), parts.source());
    }

    @Override
    public LoadSettings loadSettings() {
        return plan.settings().load();
    }

    @Override
    public MeterRegistry meters() {
        return parts.meters();
    }

    @Override
    public void shutDown(boolean lazy) throws IOException, InterruptedException {
        if (lazy) {
            mount.close();
        } else {
            mount.unmount();
        }
    }

    /** On SIGTERM: whoever uses the mount loses it. */
    private void unmountNow() {
        try {
            close();
        } catch (IOException e) {
            LOG.warn("the mount on {} did not end cleanly", plan.mountPoint(), e);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (!Thread.currentThread().equals(stopper)) {
            forgetStopper();
        }
        mount.close();
        closeServer();
        OwnCaches.used(plan.settings().store().directory(), plan.source());
        parts.close();
        instance.remove();
    }

    private void closeServer() {
        try {
            server.get(SERVER_START.toSeconds(), TimeUnit.SECONDS).close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("the control server did not run", e);
        }
    }

    private void forgetStopper() {
        try {
            Runtime.getRuntime().removeShutdownHook(stopper);
        } catch (IllegalStateException alreadyStopping) {
            LOG.debug("the process is being stopped", alreadyStopping);
        }
    }
}
