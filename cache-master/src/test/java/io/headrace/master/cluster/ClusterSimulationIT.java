package io.headrace.master.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.headrace.master.cluster.ViewWatchers.Watcher;
import io.headrace.protocol.cluster.KnownViews;
import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.cluster.WorkerState;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * 1000 workers and 10 000 watchers against the state machine, for 200 s of a clock that is moved by hand. Workers
 * fall silent, come back, drain, leave and start again; a tenth of the watchers reads slowly; the master restarts once.
 */
final class ClusterSimulationIT {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterSimulationIT.class);
    private static final int WORKERS = 1000;
    private static final int WATCHERS = 10_000;
    private static final int FOLLOWERS = 20;
    private static final int SECONDS = 200;
    private static final int LOOKS_A_SECOND = 10;
    private static final int LATEST_SUSPICION_SECONDS = 5;
    private static final int LATEST_REMOVAL_SECONDS = 63;
    /** Far below what a queue for each watcher, or a view for each, would take. */
    private static final long MOST_HEAP_GROWTH = 64L << 20;

    private final Random random = new Random(20261125);
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final int[] silentUntil = new int[WORKERS];
    private final int[] heardAt = new int[WORKERS];
    private final List<SimulatedWatcher> listeners = new ArrayList<>();
    private final List<Watcher> watching = new ArrayList<>();
    private SimulatedCluster cluster = new SimulatedCluster();
    private ViewWatchers watchers =
            new ViewWatchers(WATCHERS, cluster.membership().views());
    private long heartbeats;
    private long heartbeatNanos;
    private long views;
    private long publishNanos;
    private long lookNanos;
    private long heapAtStart;
    private long mostHeap;

    @Test
    void views_stay_consistent_and_memory_bounded() throws Exception {
        // Thousands of lines about workers that come and go.
        ((ch.qos.logback.classic.Logger) LoggerFactory.getLogger(Membership.class)).setLevel(Level.ERROR);
        for (int i = 0; i < WORKERS; i++) {
            cluster.join(i);
        }
        for (int i = 0; i < WATCHERS; i++) {
            listeners.add(new SimulatedWatcher(i < FOLLOWERS));
        }
        watchAll();
        heapAtStart = heap();
        for (int second = 1; second <= SECONDS; second++) {
            if (second == SECONDS / 2) {
                restartMaster();
            }
            upset(second);
            beat(second);
            for (int look = 0; look < LOOKS_A_SECOND; look++) {
                look();
            }
            requireRight(second);
            if (second % 60 == 0) {
                mostHeap = Math.max(mostHeap, heap());
            }
        }
        requireAllTold();
        report();
        assertThat(mostHeap - heapAtStart).as("growth of the heap").isLessThan(MOST_HEAP_GROWTH);
    }

    private void watchAll() throws Exception {
        watching.clear();
        for (SimulatedWatcher listener : listeners) {
            watching.add(watchers.add(listener, listener.epoch()));
        }
    }

    private void restartMaster() throws Exception {
        long epoch = cluster.view().epoch();
        cluster = cluster.restarted();
        cluster.look();
        assertThat(cluster.view().epoch()).isGreaterThan(epoch);
        watchers = new ViewWatchers(WATCHERS, cluster.membership().views());
        watchAll();
    }

    /** What happens to workers in a second. */
    private void upset(int second) throws Exception {
        for (int events = random.nextInt(4); events > 0; events--) {
            int number = random.nextInt(WORKERS);
            switch (random.nextInt(4)) {
                case 0 -> silentUntil[number] = second + random.nextInt(2, 8);
                case 1 -> silentUntil[number] = second + random.nextInt(60, 120);
                case 2 -> {
                    cluster.membership().leave(SimulatedCluster.id(number), number);
                    silentUntil[number] = second + random.nextInt(20);
                }
                default -> drain(number);
            }
        }
        for (SimulatedWatcher slow : listeners.subList(0, WATCHERS / 10)) {
            slow.setReady(random.nextInt(5) == 0);
        }
    }

    private void drain(int number) throws MembershipException {
        try {
            cluster.membership().drain(SimulatedCluster.id(number));
        } catch (MembershipException.UnknownWorker isGone) {
            assertThat(isGone).hasMessageContaining("worker-" + number);
        }
    }

    private void beat(int second) throws Exception {
        long start = threads.getCurrentThreadCpuTime();
        for (int i = 0; i < WORKERS; i++) {
            if (silentUntil[i] <= second) {
                heartbeats++;
                heardAt[i] = second;
                try {
                    cluster.beat(i);
                } catch (MembershipException.UnknownWorker isForgotten) {
                    cluster.join(i);
                }
            }
        }
        heartbeatNanos += threads.getCurrentThreadCpuTime() - start;
    }

    private void look() {
        long start = threads.getCurrentThreadCpuTime();
        Optional<SavedState> next = cluster.look();
        long looked = threads.getCurrentThreadCpuTime();
        lookNanos += looked - start;
        if (next.isPresent()) {
            watchers.publish(next.get().views());
            publishNanos += threads.getCurrentThreadCpuTime() - looked;
            views++;
        }
    }

    private void requireRight(int second) {
        Map<WorkerId, WorkerState> states =
                cluster.view().workers().stream().collect(Collectors.toMap(Worker::id, Worker::state));
        for (int i = 0; i < WORKERS; i++) {
            int silence = second - heardAt[i];
            Optional<WorkerState> state = Optional.ofNullable(states.get(SimulatedCluster.id(i)));
            if (!isRight(state, silence, second)) {
                throw new AssertionError("worker " + i + ", silent for " + silence + " s, is " + state);
            }
        }
        for (SimulatedWatcher follower : listeners.subList(0, FOLLOWERS)) {
            if (follower.epoch() == cluster.view().epoch()) {
                assertThat(follower.known()).isEqualTo(cluster.membership().views());
            }
        }
    }

    private static boolean isRight(Optional<WorkerState> state, int silence, int second) {
        if (silence == 0) {
            return state.isPresent() && state.get() != WorkerState.SUSPECT;
        }
        // A master that restarted waits anew.
        int restart = SECONDS / 2;
        boolean waited = second < restart || second > restart + LATEST_REMOVAL_SECONDS;
        if (silence >= LATEST_REMOVAL_SECONDS && waited) {
            return state.isEmpty();
        }
        return silence < LATEST_SUSPICION_SECONDS || !state.equals(Optional.of(WorkerState.ACTIVE));
    }

    private void requireAllTold() {
        listeners.forEach(listener -> listener.setReady(true));
        watching.forEach(Watcher::offer);
        KnownViews newest = cluster.membership().views();
        assertThat(listeners)
                .allSatisfy(listener ->
                        assertThat(listener.epoch()).isEqualTo(newest.current().epoch()));
        assertThat(listeners.subList(0, FOLLOWERS))
                .allSatisfy(follower -> assertThat(follower.known()).isEqualTo(newest));
    }

    private void report() {
        long messages = listeners.stream().mapToLong(SimulatedWatcher::messages).sum();
        long bytes = listeners.stream().mapToLong(SimulatedWatcher::bytes).sum();
        LOG.info(
                "{} heartbeats, {} ns of processor time each; a look {} us; {} views, {} us each to tell {} watchers"
                        + " ({} messages, {} bytes each); heap grew by {} KiB",
                heartbeats,
                heartbeatNanos / heartbeats,
                lookNanos / 1000 / SECONDS / LOOKS_A_SECOND,
                views,
                publishNanos / 1000 / views,
                WATCHERS,
                messages,
                bytes / messages,
                (mostHeap - heapAtStart) >> 10);
    }

    private static long heap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
