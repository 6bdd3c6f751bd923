package io.headrace.worker.dataset;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.ByteSize;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.cluster.ClusterView;
import io.headrace.protocol.cluster.ClusterViews;
import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.v1.DataSet;
import io.headrace.protocol.v1.ListMountsReply;
import io.headrace.protocol.v1.MountedDataSet;
import io.headrace.protocol.v1.Quota;
import io.headrace.store.CachedFile;
import io.headrace.store.StoreSettings;
import io.headrace.store.Tier;
import io.headrace.store.TieredBlockStore;
import io.headrace.worker.serve.CountedOrigin;
import io.headrace.worker.serve.TestWorker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class QuotaSharesTest {
    private static final long MIB = 1 << 20;
    private static final FileVersion FILE = CountedOrigin.version("model", 40 * MIB);
    private static final Worker SELF = TestWorker.workerAt("w1", 7301);
    private static final Worker OTHER = TestWorker.workerAt("w2", 7302);

    @TempDir
    Path directory;

    private final CountedOrigin origin = new CountedOrigin();
    private TieredBlockStore store;

    @BeforeEach
    void open() throws IOException {
        StoreSettings settings = StoreSettings.defaults()
                .withTiers(directory, Optional.of(ByteSize.ofMebibytes(128)), Optional.of(new ByteSize(0)));
        store = TieredBlockStore.open(settings, FaultPoints.NONE, new SimpleMeterRegistry(), System::nanoTime);
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    @Test
    void of_two_equal_workers_each_keeps_half_and_a_block() throws Exception {
        load();
        new QuotaShares(store, seeing(SELF, OTHER), SELF.id()).told(told(24 * MIB));
        await().until(() -> keptBytes() <= 16 * MIB);
        assertThat(keptBytes()).isGreaterThan(8 * MIB);

        load();
        assertThat(keptBytes()).isLessThanOrEqualTo(16 * MIB);
    }

    @Test
    void who_is_alone_keeps_all_of_it_and_a_limit_that_goes_is_gone() throws Exception {
        QuotaShares shares = new QuotaShares(store, seeing(SELF), SELF.id());
        shares.told(told(24 * MIB));
        load();
        assertThat(keptBytes()).isBetween(16 * MIB, 24 * MIB);

        shares.told(told(0));
        load();
        await().until(() -> keptBytes() == 40 * MIB);
    }

    private void load() throws IOException, InterruptedException {
        try (CachedFile file = store.open(FILE, origin)) {
            for (long at = 0; at < FILE.lengthBytes(); at += 4 * MIB) {
                file.load(new ByteRange(at, 4 * MIB), FetchReason.LOAD, (fetched, present) -> {});
            }
        }
    }

    private long keptBytes() {
        return requireNonNull(store.usage(Set.of(FILE.mount())).get(Tier.DISK)).bytes();
    }

    private static ListMountsReply told(long quotaBytes) {
        MountId mount = FILE.mount();
        return ListMountsReply.newBuilder()
                .addMounts(MountedDataSet.newBuilder()
                        .setMountId(mount.value())
                        .setDataSet(DataSet.newBuilder()
                                .setPath("models")
                                .setUri("s3://models")
                                .setQuota(Quota.newBuilder().setBytes(quotaBytes))))
                .build();
    }

    private static ClusterViews seeing(Worker... workers) {
        ClusterView view = new ClusterView(1, List.of(workers));
        return new ClusterViews() {
            @Override
            public ClusterView current() {
                return view;
            }

            @Override
            public List<ClusterView> earlier() {
                return List.of();
            }
        };
    }
}
