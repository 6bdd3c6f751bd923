package io.headrace.client.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.VersionTag.EntityTag;
import io.headrace.protocol.cluster.ClusterView;
import io.headrace.protocol.cluster.Endpoint;
import io.headrace.protocol.cluster.RendezvousPlacement;
import io.headrace.protocol.cluster.Topology;
import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.cluster.WorkerState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class HotHintsTest {
    private static final FileVersion FILE =
            new FileVersion(new MountId("0123456789abcdef"), ObjectKey.of("model"), 1L << 30, new EntityTag("\"1\""));
    private static final ClusterView VIEW = new ClusterView(
            1, IntStream.range(0, 6).mapToObj(HotHintsTest::worker).toList());

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final HotHints hints = new HotHints(now::get);
    private final RendezvousPlacement usual = new RendezvousPlacement();

    @Test
    void a_worker_is_believed_for_ten_seconds() {
        hints.heard(FILE, 7, 4);
        pass(9_999);
        assertThat(hints.owners(FILE, 7)).isEqualTo(4);
        assertThat(hints.owners(FILE, 8)).isOne();
        pass(1);
        assertThat(hints.owners(FILE, 7)).isOne();
    }

    @Test
    void one_who_says_less_is_heard_only_when_the_other_says_nothing_more() {
        hints.heard(FILE, 7, 4);
        pass(6_000);
        hints.heard(FILE, 7, 2);
        assertThat(hints.owners(FILE, 7)).isEqualTo(4);
        pass(4_000);
        assertThat(hints.owners(FILE, 7)).isOne();
        hints.heard(FILE, 7, 2);
        assertThat(hints.owners(FILE, 7)).isEqualTo(2);
    }

    @Test
    void what_is_said_again_is_believed_for_longer() {
        hints.heard(FILE, 7, 4);
        pass(6_000);
        hints.heard(FILE, 7, 4);
        pass(6_000);
        assertThat(hints.owners(FILE, 7)).isEqualTo(4);
    }

    @Test
    void the_number_of_blocks_and_of_owners_is_bounded() {
        hints.heard(FILE, 0, 1 << 15);
        assertThat(hints.owners(FILE, 0)).isEqualTo(HotHints.MOST_OWNERS);
        for (int block = 1; block <= HotHints.MOST; block++) {
            hints.heard(FILE, block, 2);
        }
        assertThat(hints.owners(FILE, 0)).isOne();
        assertThat(hints.owners(FILE, 1)).isEqualTo(2);
    }

    @Test
    void clients_share_the_owners_of_a_hot_block_and_go_on_with_the_usual_ones() {
        hints.heard(FILE, 3, 4);
        List<Worker> owners = usual.owners(FILE, 3, VIEW, 4);
        Map<Worker, Integer> clients = new HashMap<>();
        for (int client = 0; client < 1000; client++) {
            List<Worker> order = new SpreadPlacement(usual, hints, client).owners(FILE, 3, VIEW, 2);
            clients.merge(order.getFirst(), 1, Integer::sum);
            assertThat(order).doesNotHaveDuplicates().containsAll(owners.subList(0, 2));
        }
        assertThat(clients).containsOnlyKeys(owners);
        // Five standard deviations of a fair draw.
        assertThat(clients.values()).allSatisfy(count -> assertThat(count).isBetween(180, 320));
    }

    @Test
    void more_owners_than_workers_are_all_workers() {
        hints.heard(FILE, 3, 16);
        List<WorkerId> first = IntStream.range(0, 200)
                .mapToObj(client -> new SpreadPlacement(usual, hints, client)
                        .owners(FILE, 3, VIEW, 1)
                        .getFirst()
                        .id())
                .distinct()
                .toList();
        assertThat(first).hasSize(VIEW.workers().size());
    }

    @Test
    void a_block_of_which_nothing_is_said_is_read_as_placed() {
        hints.heard(FILE, 3, 4);
        SpreadPlacement placement = new SpreadPlacement(usual, hints, 99);
        assertThat(placement.owners(FILE, 4, VIEW, 2)).isEqualTo(usual.owners(FILE, 4, VIEW, 2));
        assertThat(placement.owners(FILE, 3, ClusterView.NONE, 2)).isEmpty();
    }

    private void pass(long millis) {
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private static Worker worker(int number) {
        return new Worker(
                new WorkerId("w" + number),
                new Endpoint("127.0.0.1", 7000 + number),
                new Topology("host-" + number, Optional.empty(), Optional.empty()),
                1 << 30,
                WorkerState.ACTIVE);
    }
}
