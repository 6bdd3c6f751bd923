package io.headrace.protocol.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import io.headrace.protocol.v1.EarlierView;
import io.headrace.protocol.v1.Member;
import io.headrace.protocol.v1.ViewUpdate;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class ViewCodecTest {
    private static final List<WorkerState> STATES = List.of(WorkerState.values());

    @Property(tries = 200)
    void a_watcher_that_follows_changes_has_what_the_master_has(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        KnownViews master = KnownViews.NONE;
        KnownViews watcher = KnownViews.NONE;
        for (int epoch = 1; epoch < 20; epoch++) {
            master = master.next(randomView(epoch, random), 3);
            if (random.nextInt(3) > 0) {
                watcher = ViewCodec.decode(ViewCodec.change(watcher.current(), master), watcher.current());
                assertThat(watcher).isEqualTo(master);
            }
        }
        assertThat(ViewCodec.decode(ViewCodec.whole(master), watcher.current())).isEqualTo(master);
    }

    @Test
    void one_change_among_many_workers_is_told_alone() {
        List<Worker> workers =
                IntStream.range(1, 200).mapToObj(ViewSamples::worker).toList();
        KnownViews before = KnownViews.NONE.next(new ClusterView(1, workers), 3);
        KnownViews after = before.next(new ClusterView(2, workers.subList(1, workers.size())), 3);
        ViewUpdate update = ViewCodec.change(before.current(), after);
        assertThat(update.getChangedCount()).isZero();
        assertThat(update.getRemovedIdsList()).containsExactly("worker-1");
        assertThat(update.getEarlier(0).getChangedCount()).isOne();
        assertThat(update.getSerializedSize()).isLessThan(200);
    }

    @Test
    void a_change_of_a_view_that_is_not_known_is_refused() {
        KnownViews views = new KnownViews(ViewSamples.view(2, ViewSamples.worker(1)), List.of());
        ViewUpdate update = ViewCodec.change(ViewSamples.view(1), views);
        assertThatThrownBy(() -> ViewCodec.decode(update, ClusterView.NONE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("epoch 1")
                .hasMessageContaining("epoch 0");
    }

    @Test
    void what_is_no_worker_is_refused() {
        Member good = WorkerCodec.encode(ViewSamples.worker(1));
        assertRefused(good.toBuilder().setId("NOT AN ID").build(), "not a worker id");
        assertRefused(good.toBuilder().setPort(0).build(), "port 0");
        assertRefused(good.toBuilder().setNode("").build(), "host");
        assertRefused(good.toBuilder().setHost("h".repeat(254)).build(), "254 characters");
        assertRefused(good.toBuilder().setCapacityBytes(0).build(), "capacity");
        assertRefused(good.toBuilder().setStateValue(77).build(), "not of this version");
        assertRefused(good.toBuilder().clearState().build(), "not of this version");
    }

    @Test
    void more_earlier_views_than_any_master_keeps_are_refused() {
        ViewUpdate update = ViewUpdate.newBuilder()
                .addAllEarlier(IntStream.range(0, 17)
                        .mapToObj(i -> EarlierView.getDefaultInstance())
                        .toList())
                .build();
        assertThatThrownBy(() -> ViewCodec.decode(update, ClusterView.NONE)).isInstanceOf(IOException.class);
    }

    @Property(tries = 500)
    void any_bytes_are_a_view_or_an_io_error(@ForAll @Size(max = 200) byte[] bytes) {
        decodeOrRefuse(bytes);
    }

    @Property(tries = 500)
    void a_view_with_flipped_bits_is_a_view_or_an_io_error(@ForAll long seed) {
        Random random = new Random(seed);
        KnownViews views = KnownViews.NONE.next(randomView(1, random), 3).next(randomView(2, random), 3);
        byte[] bytes = ViewCodec.whole(views).toByteArray();
        for (int flips = random.nextInt(1, 4); flips > 0 && bytes.length > 0; flips--) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        decodeOrRefuse(bytes);
    }

    private static void decodeOrRefuse(byte[] bytes) {
        try {
            assertThat(ViewCodec.decode(ViewUpdate.parseFrom(bytes), ClusterView.NONE))
                    .isNotNull();
        } catch (InvalidProtocolBufferException noMessage) {
            assertThat(noMessage).isNotNull();
        } catch (IOException noView) {
            assertThat(noView).hasMessageStartingWith("the message");
        }
    }

    private static void assertRefused(Member member, String why) {
        assertThatThrownBy(() -> WorkerCodec.decode(member))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(why);
    }

    private static ClusterView randomView(long epoch, Random random) {
        return new ClusterView(
                epoch,
                IntStream.range(1, 8)
                        .filter(i -> random.nextInt(4) > 0)
                        .mapToObj(i -> ViewSamples.worker(i, STATES.get(random.nextInt(3))))
                        .toList());
    }
}
