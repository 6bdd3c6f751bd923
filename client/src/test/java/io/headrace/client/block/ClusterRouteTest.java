package io.headrace.client.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.client.block.BlockRoute.Stop;
import io.headrace.client.block.ClusterSource.Cluster;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.block.Reach;
import io.headrace.protocol.cluster.ClusterView;
import io.headrace.protocol.cluster.ClusterViews;
import io.headrace.protocol.cluster.Distance;
import io.headrace.protocol.cluster.Endpoint;
import io.headrace.protocol.cluster.RendezvousPlacement;
import io.headrace.protocol.cluster.Topology;
import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.cluster.WorkerState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.ToIntFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class ClusterRouteTest {
    private static final FileVersion FILE = ScriptedWorker.file(0);

    @Property(tries = 300)
    void all_clients_let_the_same_owner_fetch_wherever_they_stand(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 9) int workers,
            @ForAll @IntRange(min = 1, max = 4) int replicas) {
        Random random = new Random(seed);
        ClusterView view = view(random, workers);
        int block = random.nextInt(16);
        List<Worker> owners = new RendezvousPlacement().owners(FILE, block, view, replicas);
        Optional<Worker> fetching = owners.stream()
                .filter(owner -> owner.state() == WorkerState.ACTIVE)
                .findFirst()
                .or(() -> owners.stream().findFirst());
        for (int client = 0; client < 5; client++) {
            List<Stop> stops =
                    route(view, replicas, standpoint(random, Affinity.PREFER)).stops(FILE, block);
            assertThat(stops.stream()
                            .filter(stop -> stop.reach() == Reach.ORIGIN)
                            .map(Stop::worker)
                            .findFirst())
                    .isEqualTo(fetching);
        }
    }

    @Property(tries = 300)
    void each_owner_is_asked_for_all_once_after_the_nearer_ones_were_asked_for_what_they_keep(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 9) int workers,
            @ForAll @IntRange(min = 1, max = 4) int replicas) {
        Random random = new Random(seed);
        ClusterView view = view(random, workers);
        Standpoint standpoint = standpoint(random, Affinity.PREFER);
        List<Stop> stops = route(view, replicas, standpoint).stops(FILE, 3);
        List<Worker> owners = new RendezvousPlacement().owners(FILE, 3, view, replicas);

        List<Worker> forAll = workers(stops, Reach.ORIGIN);
        assertThat(forAll).containsExactlyInAnyOrderElementsOf(owners);
        List<Worker> forCopies = workers(stops, Reach.CACHED);
        assertThat(new HashSet<>(forCopies)).hasSameSizeAs(forCopies);
        if (!forAll.isEmpty()) {
            Distance toTheFetching = standpoint.to(forAll.getFirst());
            assertThat(stops.subList(0, forCopies.size())).allMatch(stop -> stop.reach() == Reach.CACHED);
            assertThat(forCopies)
                    .allMatch(copy -> copy.state() == WorkerState.ACTIVE)
                    .allMatch(copy -> standpoint.to(copy).compareTo(toTheFetching) <= 0)
                    .isSortedAccordingTo(Comparator.comparing(standpoint::to));
            assertThat(forAll.subList(1, forAll.size()))
                    .isSortedAccordingTo(Comparator.comparing(Worker::state).thenComparing(standpoint::to));
        }
    }

    @Property(tries = 200)
    void one_owner_is_asked_as_without_affinity(@ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int workers) {
        Random random = new Random(seed);
        ClusterView view = view(random, workers);
        Standpoint standpoint = standpoint(random, Affinity.PREFER);
        assertThat(route(view, 1, standpoint).stops(FILE, 2))
                .isEqualTo(route(view, 1, Standpoint.NOWHERE).stops(FILE, 2));
    }

    @Property(tries = 300)
    void a_required_zone_is_never_left_and_has_one_worker_that_fetches(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 9) int workers,
            @ForAll @IntRange(min = 1, max = 4) int replicas) {
        Random random = new Random(seed);
        ClusterView view = view(random, workers);
        Standpoint one = inZoneA("client-1", random.nextLong());
        Standpoint other = inZoneA("client-2", random.nextLong());
        List<Worker> here = view.workers().stream()
                .filter(worker -> worker.topology().zone().equals(Optional.of("a")))
                .toList();
        List<Worker> forOne = workers(route(view, replicas, one).stops(FILE, 1), Reach.ORIGIN);
        List<Worker> forOther = workers(route(view, replicas, other).stops(FILE, 1), Reach.ORIGIN);
        assertThat(forOther).isSubsetOf(here).hasSize(Math.min(replicas, here.size()));
        assertThat(forOne.stream().findFirst()).isEqualTo(forOther.stream().findFirst());
    }

    @Test
    void clients_spread_over_copies_that_are_equally_near() {
        ClusterView view =
                new ClusterView(1, List.of(worker(0, "a", WorkerState.ACTIVE), worker(1, "a", WorkerState.ACTIVE)));
        Topology here = new Topology("client", Optional.of("a"), Optional.of("r"));
        int first = 0;
        for (int client = 0; client < 1000; client++) {
            Standpoint standpoint = new Standpoint(here, Affinity.PREFER, client * 0x9e3779b97f4a7c15L);
            List<Stop> stops = route(view, 2, standpoint).stops(FILE, 0);
            first += stops.getFirst().worker().id().value().equals("w0") ? 1 : 0;
        }
        // Of a fair draw five standard deviations are 79.
        assertThat(first).isBetween(420, 580);
    }

    @Property(tries = 200)
    void of_copies_that_are_equally_near_the_one_that_is_read_least_comes_first(
            @ForAll long seed, @ForAll @IntRange(min = 2, max = 9) int workers) {
        Random random = new Random(seed);
        List<Worker> members = new ArrayList<>();
        int[] readers = new int[workers];
        for (int i = 0; i < workers; i++) {
            members.add(worker(i, "a", WorkerState.ACTIVE));
            readers[i] = random.nextInt(3);
        }
        ToIntFunction<Worker> load =
                worker -> readers[Integer.parseInt(worker.id().value().substring(1))];
        Standpoint standpoint = new Standpoint(
                new Topology("client", Optional.of("a"), Optional.of("r")), Affinity.PREFER, random.nextLong());
        ClusterView view = new ClusterView(1, members);

        List<Stop> stops = route(view, 3, standpoint, load).stops(FILE, random.nextInt(16));

        int least = stops.stream()
                .mapToInt(stop -> load.applyAsInt(stop.worker()))
                .min()
                .orElseThrow();
        assertThat(load.applyAsInt(stops.getFirst().worker())).isEqualTo(least);
    }

    @Test
    void a_nearer_copy_comes_first_though_more_is_read_from_it() {
        ClusterView view =
                new ClusterView(1, List.of(worker(0, "a", WorkerState.ACTIVE), worker(1, "b", WorkerState.ACTIVE)));
        Standpoint standpoint =
                new Standpoint(new Topology("client", Optional.of("b"), Optional.of("r")), Affinity.PREFER, 7);
        ClusterRoute route =
                route(view, 2, standpoint, worker -> worker.id().value().equals("w1") ? 9 : 0);
        for (int block = 0; block < 16; block++) {
            assertThat(route.stops(FILE, block).getFirst().worker().id()).isEqualTo(new WorkerId("w1"));
        }
    }

    @Test
    void one_client_spreads_the_blocks_of_a_file() {
        ClusterView view =
                new ClusterView(1, List.of(worker(0, "a", WorkerState.ACTIVE), worker(1, "a", WorkerState.ACTIVE)));
        Standpoint standpoint =
                new Standpoint(new Topology("client", Optional.of("a"), Optional.of("r")), Affinity.PREFER, 42);
        Set<WorkerId> asked = new HashSet<>();
        for (int block = 0; block < 16; block++) {
            asked.add(route(view, 2, standpoint)
                    .stops(FILE, block)
                    .getFirst()
                    .worker()
                    .id());
        }
        assertThat(asked).hasSize(2);
    }

    @Test
    void nobody_in_the_required_zone_is_said_so() {
        ClusterView view = new ClusterView(1, List.of(worker(0, "a", WorkerState.ACTIVE)));
        Standpoint standpoint =
                new Standpoint(new Topology("client", Optional.of("b"), Optional.of("r")), Affinity.REQUIRE_ZONE, 1);
        ClusterRoute route = route(view, 2, standpoint);
        assertThat(route.stops(FILE, 0)).isEmpty();
        assertThat(route.nobody()).contains("zone b").contains("affinity.mode");
    }

    private static List<Worker> workers(List<Stop> stops, Reach reach) {
        return stops.stream()
                .filter(stop -> stop.reach() == reach)
                .map(Stop::worker)
                .toList();
    }

    private static ClusterRoute route(ClusterView view, int replicas, Standpoint standpoint) {
        return route(view, replicas, standpoint, _ -> 0);
    }

    private static ClusterRoute route(
            ClusterView view, int replicas, Standpoint standpoint, ToIntFunction<Worker> readers) {
        ClusterViews views = new ClusterViews() {
            @Override
            public ClusterView current() {
                return view;
            }

            @Override
            public List<ClusterView> earlier() {
                return List.of();
            }
        };
        return new ClusterRoute(new Cluster(views, new RendezvousPlacement(), replicas), standpoint, readers);
    }

    private static ClusterView view(Random random, int workers) {
        List<Worker> members = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            WorkerState state = random.nextInt(4) == 0 ? WorkerState.SUSPECT : WorkerState.ACTIVE;
            members.add(worker(i, random.nextBoolean() ? "a" : "b", state));
        }
        return new ClusterView(1, members);
    }

    private static Standpoint standpoint(Random random, Affinity affinity) {
        Topology here = new Topology("host" + random.nextInt(4), Optional.of("a"), Optional.of("r"));
        return new Standpoint(here, affinity, random.nextLong());
    }

    private static Standpoint inZoneA(String host, long client) {
        return new Standpoint(new Topology(host, Optional.of("a"), Optional.of("r")), Affinity.REQUIRE_ZONE, client);
    }

    private static Worker worker(int number, String zone, WorkerState state) {
        return new Worker(
                new WorkerId("w" + number),
                new Endpoint("host" + number, 7301),
                new Topology("host" + number, Optional.of(zone), Optional.of("r")),
                1 << 30,
                state);
    }
}
