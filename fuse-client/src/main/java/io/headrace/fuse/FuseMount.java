package io.headrace.fuse;

import io.headrace.fuse.MountException.Reason;
import io.headrace.fuse.kernel.Feature;
import io.headrace.fuse.kernel.FuseDevice;
import io.headrace.fuse.kernel.Handshake;
import io.headrace.fuse.kernel.Libc;
import io.headrace.fuse.kernel.MalformedRequestException;
import io.headrace.fuse.mount.HostTuning;
import io.headrace.fuse.mount.MountPoint;
import io.headrace.fuse.mount.MountTable;
import io.headrace.fuse.mount.MountTable.Mounted;
import io.headrace.fuse.mount.Mounter;
import io.headrace.fuse.mount.Unmount;
import io.headrace.fuse.recovery.Farewell;
import io.headrace.fuse.recovery.Keeper;
import io.headrace.fuse.recovery.RecoveryState;
import io.headrace.fuse.session.BackingLedger;
import io.headrace.fuse.session.FuseSession;
import io.headrace.fuse.session.KernelGreeting;
import io.headrace.fuse.session.PassthroughProbe;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
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
    private final List<String> shortcomings;
    private final Optional<Survival> survival;
    private final CountDownLatch ended = new CountDownLatch(1);

    private record Survival(Keeper keeper, RecoveryState state) {
        void end() throws IOException {
            keeper.close();
            state.delete();
        }
    }

    private FuseMount(
            Path mountPoint,
            FuseDevice device,
            FuseSession session,
            List<String> shortcomings,
            Optional<Survival> survival) {
        this.mountPoint = mountPoint;
        this.device = device;
        this.session = session;
        this.shortcomings = List.copyOf(shortcomings);
        this.survival = survival;
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
        Optional<Survival> survival = Optional.empty();
        boolean serving = false;
        try {
            Handshake agreed = greet(device, settings);
            Mounted mounted = MountTable.read()
                    .at(mountPoint)
                    .orElseThrow(() -> new MountException(
                            Reason.NOT_MOUNTED, mountPoint + " was unmounted again before it was served"));
            List<String> shortcomings = new ArrayList<>();
            HostTuning.setReadAhead(mounted, settings.readAhead()).ifPresent(shortcomings::add);
            survival = survival(device, agreed, target, mounted, shortcomings);
            FuseSession session = new FuseSession(
                    new FuseSession.Connection(
                            device,
                            PassthroughProbe.obstacle(device, agreed.features(), settings),
                            survival.<BackingLedger>map(Survival::state).orElse(BackingLedger.NONE),
                            HostTuning.descriptorBudget(),
                            0),
                    content,
                    settings,
                    metrics);
            FuseMount mount = new FuseMount(mountPoint, device, session, shortcomings, survival);
            mount.start();
            serving = true;
            return mount;
        } finally {
            if (!serving) {
                if (survival.isPresent()) {
                    survival.get().end();
                }
                Unmount.abort(mountPoint);
                device.close();
            }
        }
    }

    /** Whether a keeper started this process to take over a mount: it then calls {@link #recover}. */
    public static boolean isSuccessor() {
        return System.getenv(Keeper.DESCRIPTOR_VARIABLE) != null;
    }

    /**
     * Takes over a mount whose process died, in a process that a keeper started. Who was reading sees a pause.
     *
     * @param target the same as the dead process gave to {@link #mount}
     * @throws MountException when the state that it left cannot be read
     */
    public static FuseMount recover(
            MountTarget target, FuseSettings settings, MountContent content, MeterRegistry metrics) throws IOException {
        String inherited = System.getenv(Keeper.DESCRIPTOR_VARIABLE);
        Succession succession = target.succession()
                .orElseThrow(() -> new IllegalArgumentException("a successor needs the succession that started it"));
        if (inherited == null) {
            throw new MountException(Reason.NOT_MOUNTED, "no mount was left to this process to take over");
        }
        Path mountPoint = target.mountPoint().toAbsolutePath().normalize();
        int connection = Libc.duplicateHigh(Integer.parseInt(inherited));
        Libc.close(Integer.parseInt(inherited));
        FuseDevice device = new FuseDevice(connection);
        RecoveryState state = RecoveryState.inherit(succession.stateFile());
        FuseSession session = new FuseSession(
                new FuseSession.Connection(
                        device,
                        PassthroughProbe.obstacle(device, state.features(), settings),
                        state,
                        HostTuning.descriptorBudget(),
                        state.generation()),
                content,
                settings,
                metrics);
        session.start();
        boolean resent = device.resend();
        Path abortFile =
                MountTable.read().at(mountPoint).map(HostTuning::abortFile).orElse(Path.of("/nonexistent"));
        Keeper keeper = Keeper.join(connection, succession, new Farewell(mountPoint, abortFile));
        FuseMount mount = new FuseMount(
                mountPoint,
                device,
                session,
                List.of("taken over " + state.generation() + " times" + (resent ? "" : ", by now unmounted")),
                Optional.of(new Survival(keeper, state)));
        mount.watchForTheEnd();
        return mount;
    }

    private static Handshake greet(FuseDevice device, FuseSettings settings) throws IOException {
        try {
            return KernelGreeting.answer(device, settings.passthrough());
        } catch (MalformedRequestException tooOld) {
            throw new MountException(Reason.KERNEL_TOO_OLD, tooOld.toString());
        }
    }

    private static Optional<Survival> survival(
            FuseDevice device, Handshake agreed, MountTarget target, Mounted mounted, List<String> shortcomings)
            throws IOException {
        if (target.succession().isEmpty()) {
            return Optional.empty();
        }
        if (!agreed.has(Feature.HAS_RESEND)) {
            shortcomings.add(
                    "a crash ends the mount, because this kernel cannot resend requests (Linux 6.9 and newer)");
            return Optional.empty();
        }
        Succession succession = target.succession().get();
        RecoveryState state = RecoveryState.create(succession.stateFile(), agreed.features());
        Farewell farewell = new Farewell(Path.of(mounted.mountPoint()), HostTuning.abortFile(mounted));
        Keeper keeper = Keeper.start(device.descriptor(), succession, farewell);
        return Optional.of(new Survival(keeper, state));
    }

    private void start() {
        session.start();
        watchForTheEnd();
    }

    private void watchForTheEnd() {
        LOG.info("{}", describe());
        Thread.ofPlatform().daemon().name("headrace-fuse-end").start(this::endAfterService);
    }

    private void endAfterService() {
        try {
            boolean over = session.awaitEnd(NEVER);
            LOG.info("{} is unmounted: {}", mountPoint, over);
            session.close();
            if (survival.isPresent()) {
                survival.get().end();
            }
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
                + shortcomings.stream().map(reason -> "; " + reason).collect(Collectors.joining());
    }

    /** Why complete files are not read by the kernel itself; empty when they are. */
    public Optional<String> noPassthrough() {
        return session.noPassthrough();
    }

    public Path mountPoint() {
        return mountPoint;
    }

    /** The process that holds the connection for a successor; empty without one. */
    public Optional<Long> keeperProcess() {
        return survival.map(kept -> kept.keeper().process());
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
