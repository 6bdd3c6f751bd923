package io.headrace.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.VersionTag.EntityTag;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk tier of 128 MiB, shared by data sets with quotas. */
final class StoreQuotaTest {
    private static final MountId ONE = new MountId("0000000000000001");
    private static final MountId TWO = new MountId("0000000000000002");
    private static final MountId OTHER = new MountId("0000000000000003");
    private static final long LARGE = 8 << 20;
    private static final long SMALL = 200_000;

    @TempDir
    Path directory;

    private final PatternSource source = new PatternSource();
    private TieredBlockStore store;

    @BeforeEach
    void open() throws IOException {
        store = DiskStore.open(directory.resolve("cache"));
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    @Test
    void large_files_stay_within_their_bytes_and_the_others_stay() throws Exception {
        load(OTHER, "other", LARGE);
        store.limit(Set.of(ONE), new Quota(3 * LARGE, Long.MAX_VALUE));
        for (int i = 0; i < 8; i++) {
            load(ONE, "file-" + i, LARGE);
            assertThat(used(ONE).bytes()).isBetween(1L, 3 * LARGE);
        }
        assertThat(used(OTHER)).isEqualTo(new DataSetUsage(LARGE, 1));
    }

    @Test
    void small_files_stay_within_their_bytes_and_the_others_stay() throws Exception {
        load(OTHER, "other", SMALL);
        store.limit(Set.of(ONE), new Quota(20 * SMALL, Long.MAX_VALUE));
        for (int i = 0; i < 100; i++) {
            load(ONE, "file-" + i, SMALL);
            assertThat(used(ONE).bytes()).isBetween(1L, 20 * SMALL);
        }
        assertThat(used(OTHER).objects()).isEqualTo(1);
    }

    @Test
    void files_of_any_size_stay_within_their_number() throws Exception {
        store.limit(Set.of(ONE), new Quota(Long.MAX_VALUE, 4));
        for (int i = 0; i < 10; i++) {
            load(ONE, "large-" + i, LARGE);
            load(ONE, "small-" + i, SMALL);
            assertThat(used(ONE).objects()).isBetween(1L, 4L);
        }
    }

    @Test
    void mounts_of_one_data_set_share_its_quota() throws Exception {
        store.limit(Set.of(ONE, TWO), new Quota(3 * LARGE, Long.MAX_VALUE));
        for (int i = 0; i < 4; i++) {
            load(ONE, "file-" + i, LARGE);
            load(TWO, "file-" + i, LARGE);
            assertThat(used(ONE).bytes() + used(TWO).bytes()).isLessThanOrEqualTo(3 * LARGE);
        }
    }

    @Test
    void a_lower_quota_is_kept_at_once() throws Exception {
        for (int i = 0; i < 4; i++) {
            load(ONE, "large-" + i, LARGE);
            load(ONE, "small-" + i, SMALL);
        }
        store.limit(Set.of(ONE), new Quota(LARGE, 2));
        assertThat(used(ONE).bytes()).isLessThanOrEqualTo(LARGE);
        assertThat(used(ONE).objects()).isLessThanOrEqualTo(2);
        store.limit(Set.of(ONE), Quota.NONE);
        for (int i = 0; i < 4; i++) {
            load(ONE, "large-" + i, LARGE);
        }
        assertThat(used(ONE).bytes()).isGreaterThanOrEqualTo(4 * LARGE);
    }

    @Test
    void pinned_files_fill_a_quota_and_a_load_beside_them_fails() throws Exception {
        store.limit(Set.of(ONE), new Quota(LARGE, Long.MAX_VALUE));
        store.pin(version(ONE, "pinned", LARGE));
        load(ONE, "pinned", LARGE);
        assertThatThrownBy(() -> load(ONE, "more", LARGE))
                .isInstanceOf(InsufficientSpaceException.class)
                .hasMessageContaining("quota");
        load(OTHER, "other", LARGE);
    }

    @Test
    void what_is_kept_is_counted_by_data_set_after_a_restart_and_gone_after_an_eviction() throws Exception {
        load(ONE, "large", LARGE);
        load(ONE, "small", SMALL);
        load(OTHER, "small", SMALL);
        DataSetUsage before = used(ONE);
        assertThat(before.objects()).isEqualTo(2);
        store.close();
        open();
        assertThat(used(ONE)).isEqualTo(before);
        for (FileVersion version : store.versions()) {
            store.evict(version);
        }
        assertThat(used(ONE)).isEqualTo(new DataSetUsage(0, 0));
        assertThat(used(OTHER)).isEqualTo(new DataSetUsage(0, 0));
    }

    private DataSetUsage used(MountId mount) {
        return Objects.requireNonNull(store.usage(Set.of(mount)).get(Tier.DISK));
    }

    private void load(MountId mount, String key, long bytes) throws IOException, InterruptedException {
        FileVersion version = version(mount, key, bytes);
        try (CachedFile file = store.open(version, source)) {
            file.load(version.wholeFile(), FetchReason.LOAD, FetchProgress.IGNORED);
        }
    }

    private static FileVersion version(MountId mount, String key, long bytes) {
        return new FileVersion(mount, ObjectKey.of(key), bytes, new EntityTag("\"" + key + "\""));
    }
}
