package io.headrace.master.pins;

import com.github.benmanes.caffeine.cache.Ticker;
import io.headrace.protocol.v1.JobStatus;
import io.headrace.protocol.v1.Pin;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * When a sweep over all that is pinned is due, and how far the one that runs is: one load after the other, for each number of
 * copies one. A sweep whose load was not complete begins anew later and later, as late as the recheck at most. Not thread-safe.
 */
final class Healing {
    private static final Duration FIRST_RETRY = Duration.ofMinutes(1);
    private static final int MOST_DOUBLINGS = 10;

    private final Loads loads;
    private final PinSettings settings;
    private final Ticker ticker;

    private Optional<Sweep> running = Optional.empty();
    private long dueAt;
    private boolean wanted;
    private boolean healed;
    private int failures;
    private long lastJob;
    private String trouble = "";

    /** A sweep under way. */
    private static final class Sweep {
        private final long round;
        private final Deque<Load> left = new ArrayDeque<>();
        private Optional<Long> job = Optional.empty();

        Sweep(long round) {
            this.round = round;
        }
    }

    private record Load(int replicas, List<String> paths) {}

    /** Makes copies. */
    interface Loads {
        /** @return the load's number; empty when it cannot begin now */
        Optional<Long> start(List<String> paths, int replicas, long round) throws IOException;

        /** Empty when it is not known any more. */
        Optional<JobStatus.State> state(long load) throws IOException;
    }

    Healing(Loads loads, PinSettings settings, Ticker ticker) {
        this.loads = loads;
        this.settings = settings;
        this.ticker = ticker;
        want(settings.settle());
    }

    /** Something changed: a sweep is to begin after this time at the latest. */
    void want(Duration delay) {
        long at = ticker.read() + delay.toNanos();
        if (!wanted || at - dueAt < 0) {
            dueAt = at;
        }
        wanted = true;
        healed = false;
    }

    boolean isRunning() {
        return running.isPresent();
    }

    /** Whether a sweep is to begin: something changed, or it is time for the next look. */
    boolean isDue() {
        return !isRunning() && dueAt - ticker.read() <= 0;
    }

    void begin(long round, List<Pin> pins) {
        Map<Integer, List<String>> byReplicas = new TreeMap<>();
        pins.forEach(pin -> byReplicas
                .computeIfAbsent(pin.getReplicas(), absent -> new ArrayList<>())
                .add(pin.getPath()));
        Sweep sweep = new Sweep(round);
        byReplicas.forEach((replicas, paths) -> sweep.left.add(new Load(replicas, paths)));
        running = Optional.of(sweep);
        wanted = false;
    }

    /** Goes on with the sweep that runs; its round when it has seen every copy just now. */
    Optional<Long> advance() throws IOException {
        Sweep sweep = running.orElseThrow();
        Optional<Long> job = sweep.job;
        if (job.isPresent()) {
            Optional<JobStatus.State> state = loads.state(job.get());
            if (state.equals(Optional.of(JobStatus.State.STATE_RUNNING))) {
                return Optional.empty();
            }
            sweep.job = Optional.empty();
            if (!state.equals(Optional.of(JobStatus.State.STATE_COMPLETE))) {
                failed(job.get());
                return Optional.empty();
            }
        }
        if (sweep.left.isEmpty()) {
            succeeded();
            return Optional.of(sweep.round);
        }
        startNext(sweep);
        return Optional.empty();
    }

    private void startNext(Sweep sweep) throws IOException {
        Load next = sweep.left.element();
        sweep.job = loads.start(next.paths(), next.replicas(), sweep.round);
        if (sweep.job.isPresent()) {
            sweep.left.remove();
            lastJob = sweep.job.get();
            trouble = "";
        } else {
            trouble = "as many jobs run as may; copies are made after them";
        }
    }

    private void failed(long job) {
        running = Optional.empty();
        trouble = "job " + job + " did not make all copies: headrace jobs show " + job + " says which and why";
        Duration pause = FIRST_RETRY.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
        failures++;
        want(pause.compareTo(settings.recheck()) < 0 ? pause : settings.recheck());
    }

    private void succeeded() {
        running = Optional.empty();
        failures = 0;
        trouble = "";
        if (!wanted) {
            healed = true;
            dueAt = ticker.read() + settings.recheck().toNanos();
        }
    }

    /** Every copy was seen, and nothing changed since. */
    boolean isHealed() {
        return healed;
    }

    /** The newest load; 0 for none. */
    long lastJob() {
        return lastJob;
    }

    String trouble() {
        return trouble;
    }
}
