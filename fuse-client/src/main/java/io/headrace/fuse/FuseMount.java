package io.headrace.fuse;

import io.headrace.fuse.MountException.Reason;
import io.headrace.fuse.kernel.FuseDevice;
import io.headrace.fuse.kernel.Handshake;
import io.headrace.fuse.kernel.MalformedRequestException;
import io.headrace.fuse.mount.HostTuning;
import io.headrace.fuse.mount.MountPoint;
import io.headrace.fuse.mount.MountTable;
import io.headrace.fuse.mount.Mounter;
import io.headrace.fuse.mount.Unmount;
import io.headrace.fuse.session.BackingLedger;
import io.headrace.fuse.session.FuseSession;
import io.headrace.fuse.session.KernelGreeting;
import io.headrace.fuse.session.PassthroughProbe;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A mounted file system. Thread-safe. It lives until somebody unmounts it, here ({@link #unmount}, {@link #close}) or
 * anywhere ({@code umount}), and then gives back everything that it holds.
 */
public final class FuseMount implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FuseMount.class);
    private static final Duration END_OF_SERVICE = Duration.ofSeconds(5);
    private static final Duration NEVER = Duration.ofDays(365_000);

    private final Path mountPoint;
    private final FuseDevice device;
    private final FuseSession session;
    private final Optional<String> noReadAhead;
    private final CountDownLatch ended = new CountDownLatch(1);

    private FuseMount(Path mountPoint, FuseDevice device, FuseSession session, Optional<String> noReadAhead) {
        this.mountPoint = mountPoint;
        this.device = device;
        this.session = session;
        this.noReadAhead = noReadAhead;
    }

    /**
     * Mounts and serves. When it returns, programs can read.
     *
     * @throws MountException when something is in the way; it says what and how to mend it
     */
    public static FuseMount mount(
            MountTarget target, FuseSettings settings, MountContent content, MeterRegistry metrics) throws IOException {
        Path mountPoint = MountPoint.prepare(target.mountPoint(), settings.allowNonEmpty());
        FuseDevice device = Mounter.mount(mountPoint, target.source(), settings);
        boolean serving = false;
        try {
            Handshake agreed = greet(device, settings);
            Optional<String> noReadAhead = MountTable.read()
                    .at(mountPoint)
                    .map(mounted -> HostTuning.setReadAhead(mounted, settings.readAhead()))
                    .orElse(Optional.of("the mount is not in the mount table"));
            Optional<String> noPassthrough = PassthroughProbe.obstacle(device, agreed, settings);
            FuseSession session = new FuseSession(
                    new FuseSession.Connection(
                            device, noPassthrough, BackingLedger.NONE, HostTuning.descriptorBudget(), 0),
                    content,
                    settings,
                    metrics);
            FuseMount mount = new FuseMount(mountPoint, device, session, noReadAhead);
            mount.start();
            serving = true;
            return mount;
        } finally {
            if (!serving) {
                Unmount.abort(mountPoint);
                device.close();
            }
        }
    }

    private static Handshake greet(FuseDevice device, FuseSettings settings) throws IOException {
        try {
            return KernelGreeting.answer(device, settings.passthrough());
        } catch (MalformedRequestException tooOld) {
            throw new MountException(Reason.KERNEL_TOO_OLD, tooOld.toString());
        }
    }

    private void start() {
        session.start();
        LOG.info("{}", describe());
        Thread.ofPlatform().daemon().name("headrace-fuse-end").start(this::endAfterService);
    }

    private void endAfterService() {
        try {
            boolean over = session.awaitEnd(NEVER);
            LOG.info("{} is unmounted: {}", mountPoint, over);
            session.close();
        } catch (Throwable failure) {
            LOG.error("the end of the mount on {} failed", mountPoint, failure);
        } finally {
            device.close();
            ended.countDown();
        }
    }

    /** In one line: where, how files are read, and why not better where that is so. */
    public String describe() {
        return "mounted on " + mountPoint
                + session.noPassthrough()
                        .map(reason -> "; reads are served, not passed through, because " + reason)
                        .orElse("; complete files are read by the kernel (passthrough)")
                + noReadAhead.map(reason -> "; " + reason).orElse("");
    }

    /** Why complete files are not read by the kernel itself; empty when they are. */
    public Optional<String> noPassthrough() {
        return session.noPassthrough();
    }

    public Path mountPoint() {
        return mountPoint;
    }

    /** Waits until it is unmounted by anybody, and everything is given back. */
    public void awaitUnmounted() throws InterruptedException {
        ended.await();
    }

    /** As {@link #awaitUnmounted()}, for at most so long. @return whether it is unmounted */
    public boolean awaitUnmounted(Duration limit) throws InterruptedException {
        return ended.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Unmounts if nobody uses it.
     *
     * @throws MountException {@code BUSY} when somebody does; it is still mounted then
     */
    public void unmount() throws IOException, InterruptedException {
        Unmount.politely(mountPoint);
        boolean over = awaitUnmounted(END_OF_SERVICE);
        LOG.debug("unmounted {}, given back: {}", mountPoint, over);
    }

    /** Unmounts whether or not somebody uses it: what is still open there fails from now on. */
    @Override
    public void close() throws IOException {
        if (ended.getCount() == 0) {
            return;
        }
        try {
            Unmount.politely(mountPoint);
        } catch (MountException inUse) {
            if (inUse.reason() == Reason.BUSY) {
                LOG.warn("{}; it is taken away nevertheless", inUse.getMessage());
                Unmount.abort(mountPoint);
            } else if (inUse.reason() != Reason.NOT_MOUNTED) {
                throw inUse;
            }
        }
        try {
            boolean over = awaitUnmounted(END_OF_SERVICE);
            LOG.debug("unmounted {}, given back: {}", mountPoint, over);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
