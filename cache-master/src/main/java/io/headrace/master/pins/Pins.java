package io.headrace.master.pins;

import com.github.benmanes.caffeine.cache.Ticker;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.BindableService;
import io.headrace.master.jobs.PinLoads;
import io.headrace.protocol.Namespace;
import io.headrace.protocol.cluster.ClusterViews;
import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.v1.JobStatus;
import io.headrace.protocol.v1.ListPinsReply;
import io.headrace.protocol.v1.Pin;
import io.headrace.protocol.v1.SavedPins;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The paths that a cluster keeps, on the master's disk before anybody hears of them. A thread looks twice a second whether their
 * copies may be missing: after a start, a pin, a worker that came or went (one that is only suspect keeps its blocks), a
 * changed name, and each hour. Then it sweeps over all of them by loads, which fetch nothing where the copies are. What fails is
 * tried again.
 *
 * <p>Each sweep has a number, greater than any before it even of a master that lost its disk. Workers keep from eviction
 * what a sweep names to them, until a later one is over that did not.
 *
 * <p>Thread-safe; one lock, over that of jobs.
 */
public final class Pins implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Pins.class);
    private static final int MOST = 1000;
    private static final int MOST_REPLICAS = 16;
    private static final long LOOK_MILLIS = 500;
    private static final long END_SECONDS = 10;

    private final PinFile file;
    private final PinSettings settings;
    private final Surroundings around;
    private final Namespace.Subscription changes;
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("pins").daemon().factory());
    /** Set by whoever tells of names, who must not wait. */
    private volatile boolean namesChanged;
    /** Of the thread alone. */
    private boolean failing;

    @GuardedBy("this")
    private final Healing healing;

    @GuardedBy("this")
    private SavedPins saved;

    @GuardedBy("this")
    private Set<WorkerId> owners;

    /**
     * @param names whose changes may bring versions without copies
     * @param quotas of data sets that have one, in bytes, by their paths
     */
    public record Surroundings(
            PinLoads loads,
            ClusterViews views,
            Namespace names,
            Supplier<Map<String, Long>> quotas,
            Clock clock,
            Ticker ticker,
            MeterRegistry meters) {}

    private Pins(PinFile file, PinSettings settings, Surroundings around) throws IOException {
        this.file = file;
        this.settings = settings;
        this.around = around;
        saved = file.read();
        healing = new Healing(loads(around.loads), settings, around.ticker);
        owners = owners(around.views);
        around.loads.healed(saved.getHealedRound());
        changes = around.names.subscribe(change -> namesChanged = true);
        Gauge.builder("headrace.pins", this, pins -> pins.list().getPinsCount())
                .description("Paths that are pinned")
                .register(around.meters);
        Gauge.builder("headrace.pins.healed", this, pins -> pins.list().getHealed() ? 1 : 0)
                .description("1 when all copies of what is pinned were seen since something changed")
                .register(around.meters);
    }

    /**
     * Goes on with what the last master had.
     *
     * @param path of the file, in the master's directory; absent for a new master
     */
    // The looks' future is dropped: they handle their own failures, and close() ends them.
    @SuppressWarnings("FutureReturnValueIgnored")
    public static Pins open(Path path, PinSettings settings, Surroundings around) throws IOException {
        Pins pins = new Pins(new PinFile(path), settings, around);
        pins.thread.scheduleWithFixedDelay(pins::lookSafely, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        return pins;
    }

    /** To be added to a server. */
    public BindableService service() {
        return new PinsService(this);
    }

    /**
     * @throws NoSuchFileException when nothing is there
     * @throws NoRoomException when the copies have no room
     */
    Pin set(Pin asked) throws IOException {
        Pin pin = Pin.newBuilder()
                .setPath(PinLoads.tidy(asked.getPath()))
                .setReplicas(Math.max(1, asked.getReplicas()))
                .build();
        if (asked.getReplicas() < 0 || asked.getReplicas() > MOST_REPLICAS) {
            throw new IllegalArgumentException("replicas are 1 to " + MOST_REPLICAS);
        }
        // Before the lock: a walk over many files takes long.
        long bytes = around.loads.bytesBelow(pin.getPath());
        new PinRoom(this::bytesBelow, around.views, around.quotas)
                .require(with(pin).values());
        synchronized (this) {
            Map<String, Pin> pins = with(pin);
            if (pins.size() > MOST) {
                throw new IllegalArgumentException(
                        "a master keeps at most " + MOST + " pins; remove one, or pin what is above several");
            }
            save(pins.values());
        }
        LOG.info("{} is pinned with {} copies of {} bytes", pin.getPath(), pin.getReplicas(), bytes);
        return pin;
    }

    /** @throws NoSuchFileException when this path is not pinned */
    synchronized void remove(String path) throws IOException {
        Map<String, Pin> pins = byPath();
        if (pins.remove(PinLoads.tidy(path)) == null) {
            throw new NoSuchFileException(path, null, "it is not pinned; there are " + pins.keySet());
        }
        save(pins.values());
        LOG.info("{} is pinned no more", path);
    }

    synchronized ListPinsReply list() {
        return ListPinsReply.newBuilder()
                .addAllPins(saved.getPinsList())
                .setHealed(healing.isHealed())
                .setJobId(healing.lastJob())
                .setTrouble(healing.trouble())
                .build();
    }

    private synchronized Map<String, Pin> with(Pin pin) {
        Map<String, Pin> pins = byPath();
        pins.put(pin.getPath(), pin);
        return pins;
    }

    @GuardedBy("this")
    private Map<String, Pin> byPath() {
        return saved.getPinsList().stream()
                .collect(Collectors.toMap(Pin::getPath, pin -> pin, (first, _) -> first, TreeMap::new));
    }

    @GuardedBy("this")
    private void save(Collection<Pin> pins) throws IOException {
        save(saved.toBuilder().clearPins().addAllPins(pins).build());
        healing.want(settings.settle());
    }

    @GuardedBy("this")
    private void save(SavedPins next) throws IOException {
        file.write(next);
        saved = next;
    }

    /** Of what was pinned before: it may be gone. */
    private long bytesBelow(String path) throws IOException {
        try {
            return around.loads.bytesBelow(path);
        } catch (NoSuchFileException gone) {
            return 0;
        }
    }

    /** The thread's root: a mistake is shown, and does not end it. */
    private void lookSafely() {
        try {
            look();
            failing = false;
        } catch (IOException | RuntimeException e) {
            if (!failing) {
                LOG.warn("what is pinned could not be looked after; it is tried again", e);
            }
            failing = true;
        }
    }

    private void look() throws IOException {
        Optional<List<Pin>> due = advance();
        if (due.isPresent()) {
            // Without the lock: an origin may be asked. What is gone must not keep the rest from being loaded.
            List<Pin> there = new ArrayList<>();
            for (Pin pin : due.get()) {
                if (around.loads.isThere(pin.getPath())) {
                    there.add(pin);
                }
            }
            begin(due.get(), there);
        }
    }

    /** Goes on with what runs; the pins for which a sweep is to begin, if one is. */
    private synchronized Optional<List<Pin>> advance() throws IOException {
        notice();
        if (healing.isRunning()) {
            Optional<Long> seen = healing.advance();
            if (seen.isPresent()) {
                save(saved.toBuilder().setHealedRound(seen.get()).build());
                around.loads.healed(seen.get());
            }
            return Optional.empty();
        }
        return healing.isDue() && !around.loads.anyRuns() ? Optional.of(saved.getPinsList()) : Optional.empty();
    }

    private synchronized void begin(List<Pin> of, List<Pin> there) throws IOException {
        if (of.equals(saved.getPinsList())) {
            long round = Math.max(saved.getRound() + 1, around.clock.millis());
            save(saved.toBuilder().setRound(round).build());
            healing.begin(round, there);
        }
    }

    @GuardedBy("this")
    private void notice() {
        Set<WorkerId> now = owners(around.views);
        if (!now.equals(owners)) {
            owners = now;
            healing.want(settings.settle());
        }
        if (namesChanged) {
            namesChanged = false;
            if (saved.getPinsCount() > 0) {
                healing.want(settings.settle().multipliedBy(PinSettings.NAMES_FACTOR));
            }
        }
    }

    private static Healing.Loads loads(PinLoads loads) {
        return new Healing.Loads() {
            @Override
            public Optional<Long> start(List<String> paths, int replicas, long round) throws IOException {
                return loads.start(paths, replicas, round);
            }

            @Override
            public Optional<JobStatus.State> state(long load) throws IOException {
                return loads.status(load).map(JobStatus::getState);
            }
        };
    }

    private static Set<WorkerId> owners(ClusterViews views) {
        return views.current().workers().stream()
                .filter(Worker::ownsBlocks)
                .map(Worker::id)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Ends the thread; loads go on with the jobs. Close the server before, and the jobs after. */
    @Override
    public void close() {
        changes.close();
        thread.shutdown();
        try {
            if (!thread.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("pins are still looked after, {} s after the end was wanted", END_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
