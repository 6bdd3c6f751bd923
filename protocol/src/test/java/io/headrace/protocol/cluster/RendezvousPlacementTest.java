package io.headrace.protocol.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class RendezvousPlacementTest {
    private static final int BLOCKS = 400;

    private final RendezvousPlacement placement = new RendezvousPlacement();

    /**
     * With n draws of chance p, one of 64 workers lies beyond five standard deviations, sqrt(n p (1 - p)), about once in
     * 27 000 seeds; the seeds are fixed.
     */
    @Test
    void each_worker_owns_blocks_in_proportion_to_its_capacity() {
        Random random = new Random(11);
        List<Worker> workers = IntStream.range(0, 64)
                .mapToObj(i -> worker(i, "host-" + i, Optional.empty(), (1 + random.nextInt(16)) * 1_000_000_000L))
                .toList();
        double capacity = workers.stream().mapToDouble(Worker::capacityBytes).sum();
        ClusterView view = new ClusterView(1, workers);
        int draws = 200_000;
        Map<WorkerId, Integer> owned = new TreeMap<>();
        for (int i = 0; i < draws; i++) {
            Worker owner = placement
                    .owners(new PlacementKey(random.nextLong() & ~0xffL), i % 1000, view, 1)
                    .getFirst();
            owned.merge(owner.id(), 1, Integer::sum);
        }
        assertThat(workers).allSatisfy(worker -> {
            double share = worker.capacityBytes() / capacity;
            assertThat((double) owned.getOrDefault(worker.id(), 0))
                    .as("blocks of %s", worker.id())
                    .isCloseTo(draws * share, within(5 * Math.sqrt(draws * share * (1 - share))));
        });
    }

    @Test
    void the_blocks_of_one_file_are_spread_as_evenly() {
        ClusterView view = new ClusterView(1, plainWorkers(16));
        int blocks = 80_000;
        Map<WorkerId, Integer> owned = new TreeMap<>();
        for (int block = 0; block < blocks; block++) {
            owned.merge(first(new PlacementKey(42), block, view), 1, Integer::sum);
        }
        double share = 1.0 / 16;
        assertThat(owned).hasSize(16);
        assertThat(owned.values())
                .allSatisfy(count -> assertThat((double) count)
                        .isCloseTo(blocks * share, within(5 * Math.sqrt(blocks * share * (1 - share)))));
    }

    @Property(tries = 40)
    void a_worker_that_comes_takes_blocks_and_moves_no_other(
            @ForAll long key, @ForAll @IntRange(min = 1, max = 30) int n) {
        ClusterView before = new ClusterView(1, plainWorkers(n));
        ClusterView after = new ClusterView(2, plainWorkers(n + 1));
        WorkerId comer = new WorkerId("worker-" + n);
        for (int block = 0; block < BLOCKS; block++) {
            List<WorkerId> old = ids(new PlacementKey(key), block, before, 3);
            List<WorkerId> now = ids(new PlacementKey(key), block, after, 3);
            List<WorkerId> kept = new ArrayList<>(now);
            if (kept.remove(comer)) {
                assertThat(old.subList(0, kept.size())).isEqualTo(kept);
            } else {
                assertThat(now).isEqualTo(old);
            }
        }
    }

    @Property(tries = 40)
    void of_a_worker_that_drains_or_goes_only_its_own_blocks_move(
            @ForAll long key, @ForAll @IntRange(min = 2, max = 30) int n, @ForAll boolean drains) {
        List<Worker> workers = new ArrayList<>(plainWorkers(n));
        Worker leaver = workers.remove(n / 2);
        ClusterView before = new ClusterView(1, plainWorkers(n));
        if (drains) {
            workers.add(with(leaver, WorkerState.DRAINING));
        }
        ClusterView after = new ClusterView(2, workers);
        for (int block = 0; block < BLOCKS; block++) {
            List<WorkerId> old = new ArrayList<>(ids(new PlacementKey(key), block, before, 2));
            List<WorkerId> now = ids(new PlacementKey(key), block, after, 2);
            assertThat(now).doesNotContain(leaver.id());
            old.remove(leaver.id());
            assertThat(now).containsSubsequence(old);
        }
    }

    @Test
    void a_suspect_worker_keeps_its_blocks() {
        List<Worker> workers = new ArrayList<>(plainWorkers(5));
        ClusterView before = new ClusterView(1, workers);
        workers.set(2, with(workers.get(2), WorkerState.SUSPECT));
        ClusterView after = new ClusterView(2, workers);
        for (int block = 0; block < BLOCKS; block++) {
            assertThat(ids(new PlacementKey(3), block, after, 2)).isEqualTo(ids(new PlacementKey(3), block, before, 2));
        }
    }

    @Property(tries = 60)
    void replicas_are_in_distinct_zones_then_on_distinct_hosts_while_there_are_such(
            @ForAll long key,
            @ForAll @IntRange(min = 1, max = 12) int n,
            @ForAll @IntRange(min = 1, max = 5) int zones,
            @ForAll @IntRange(min = 1, max = 8) int hosts,
            @ForAll @IntRange(min = 1, max = 14) int replicas) {
        List<Worker> workers = IntStream.range(0, n)
                .mapToObj(i -> worker(i, "host-" + i % hosts, Optional.of("zone-" + i % hosts % zones), 1 << 30))
                .toList();
        ClusterView view = new ClusterView(1, workers);
        int distinctZones = Math.min(replicas, count(workers, w -> w.topology().zone()));
        int distinctHosts = Math.min(replicas, count(workers, w -> w.topology().host()));
        for (int block = 0; block < 20; block++) {
            List<Worker> owners = placement.owners(new PlacementKey(key), block, view, replicas);
            assertThat(owners).hasSize(Math.min(replicas, n)).doesNotHaveDuplicates();
            assertThat(count(owners.subList(0, distinctZones), w -> w.topology().zone()))
                    .isEqualTo(distinctZones);
            assertThat(count(owners, w -> w.topology().host())).isEqualTo(distinctHosts);
        }
    }

    @Property(tries = 40)
    void the_order_in_which_workers_were_told_does_not_matter(@ForAll long key, @ForAll long seed) {
        List<Worker> workers = new ArrayList<>(plainWorkers(12));
        List<WorkerId> owners = ids(new PlacementKey(key), 9, new ClusterView(1, workers), 12);
        Collections.shuffle(workers, new Random(seed));
        assertThat(ids(new PlacementKey(key), 9, new ClusterView(1, workers), 12))
                .isEqualTo(owners);
    }

    @Property(tries = 40)
    void fewer_replicas_are_the_first_of_more(@ForAll long key, @ForAll @IntRange(min = 0, max = 12) int replicas) {
        List<Worker> workers = IntStream.range(0, 12)
                .mapToObj(i -> worker(i, "host-" + i / 2, i % 4 == 0 ? Optional.empty() : Optional.of("z" + i % 4), 7))
                .toList();
        ClusterView view = new ClusterView(1, workers);
        assertThat(ids(new PlacementKey(key), 1, view, replicas))
                .isEqualTo(ids(new PlacementKey(key), 1, view, 12).subList(0, replicas));
    }

    @Test
    void nobody_owns_a_block_of_a_cluster_without_workers() {
        assertThat(placement.owners(new PlacementKey(1), 0, ClusterView.NONE, 1))
                .isEmpty();
        assertThat(placement.owners(new PlacementKey(1), 0, ClusterView.NONE, 3))
                .isEmpty();
    }

    private WorkerId first(PlacementKey key, int block, ClusterView view) {
        return placement.owners(key, block, view, 1).getFirst().id();
    }

    private List<WorkerId> ids(PlacementKey key, int block, ClusterView view, int replicas) {
        return placement.owners(key, block, view, replicas).stream()
                .map(Worker::id)
                .toList();
    }

    private static <T> int count(List<Worker> workers, Function<Worker, T> property) {
        Set<T> distinct = new HashSet<>();
        workers.forEach(worker -> distinct.add(property.apply(worker)));
        return distinct.size();
    }

    private static List<Worker> plainWorkers(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> worker(i, "host-" + i, Optional.empty(), 1 << 30))
                .toList();
    }

    private static Worker worker(int number, String host, Optional<String> zone, long capacity) {
        return new Worker(
                new WorkerId("worker-" + number),
                new Endpoint(host, 7000 + number),
                new Topology(host, zone, Optional.empty()),
                capacity,
                WorkerState.ACTIVE);
    }

    private static Worker with(Worker worker, WorkerState state) {
        return new Worker(worker.id(), worker.blocks(), worker.topology(), worker.capacityBytes(), state);
    }
}
