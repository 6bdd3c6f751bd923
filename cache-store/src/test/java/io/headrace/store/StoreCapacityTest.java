package io.headrace.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.ByteSize;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.VersionTag.EntityTag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk tier of 24 MiB, and files that do not all fit. */
final class StoreCapacityTest {
    private static final MountId MOUNT = new MountId("0123456789abcdef");
    private static final long FILE_BYTES = 8 << 20;
    private static final Duration TIME_TO_LIVE = Duration.ofSeconds(2);

    @TempDir
    Path directory;

    private final PatternSource source = new PatternSource();
    private final AtomicLong nanos = new AtomicLong();
    private TieredBlockStore store;

    @BeforeEach
    void open() throws IOException {
        store = open(Duration.ZERO);
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    @Test
    void never_holds_more_than_its_capacity() throws Exception {
        for (int i = 0; i < 10; i++) {
            load(version("file-" + i));
            assertThat(disk().usedBytes()).isLessThanOrEqualTo(disk().capacityBytes());
        }
        assertThat(disk().evictedBytes()).isGreaterThanOrEqualTo(7 * FILE_BYTES);
    }

    @Test
    void a_pinned_version_stays() throws Exception {
        FileVersion kept = version("kept");
        store.pin(kept);
        load(kept);
        for (int i = 0; i < 6; i++) {
            load(version("file-" + i));
        }
        assertThat(store.residency(kept).orElseThrow().complete()).isTrue();
        assertThat(disk().pinnedBytes()).isEqualTo(FILE_BYTES);
    }

    @Test
    void loading_beside_pinned_versions_that_fill_the_tier_fails_and_names_the_directory() throws Exception {
        for (int i = 0; i < 3; i++) {
            store.pin(version("pinned-" + i));
            load(version("pinned-" + i));
        }
        assertThatThrownBy(() -> load(version("one-too-many")))
                .isInstanceOf(InsufficientSpaceException.class)
                .hasMessageContaining(directory.toString());
    }

    @Test
    void reads_are_served_though_nothing_can_be_kept() throws Exception {
        for (int i = 0; i < 3; i++) {
            store.pin(version("pinned-" + i));
            load(version("pinned-" + i));
        }
        try (CachedFile file = store.open(version("one-too-many"), source)) {
            StoreReads.readWholeChecked(file);
            StoreReads.readChecked(file, new ByteRange(FILE_BYTES / 2 - 10, 20));
        }
    }

    @Test
    void a_file_that_is_handed_out_is_never_punched() throws Exception {
        FileVersion lentVersion = version("lent");
        load(lentVersion);
        try (CachedFile file = store.open(lentVersion, source);
                BackingFile lent = file.handOut().orElseThrow()) {
            for (int i = 0; i < 6; i++) {
                load(version("file-" + i));
            }
            assertHolds(lentVersion, lent);
            assertThat(disk().handedOutBytes()).isEqualTo(FILE_BYTES);
        }
    }

    @Test
    void a_file_that_is_handed_out_and_evicted_lives_until_it_is_given_back() throws Exception {
        FileVersion lentVersion = version("lent");
        load(lentVersion);
        BackingFile lent;
        try (CachedFile file = store.open(lentVersion, source)) {
            lent = file.handOut().orElseThrow();
        }
        assertThat(store.evict(lentVersion)).isZero();
        assertThat(store.residency(lentVersion)).isEmpty();
        assertHolds(lentVersion, lent);
        assertThat(disk().usedBytes()).as("still occupied").isEqualTo(FILE_BYTES);
        assertThat(disk().handedOutBytes()).isEqualTo(FILE_BYTES);
        lent.close();
        assertThat(disk().usedBytes()).isZero();
        assertThat(disk().handedOutBytes()).isZero();
    }

    /** As a mapping does that the kernel made of a passed-through file. */
    @Test
    void who_reads_a_file_on_after_its_loan_was_returned_meets_no_hole() throws Exception {
        FileVersion lentVersion = version("lent");
        load(lentVersion);
        try (CachedFile file = store.open(lentVersion, source);
                BackingFile lent = file.handOut().orElseThrow();
                RandomAccessFile reader = new RandomAccessFile("/proc/self/fd/" + lent.descriptor(), "r")) {
            lent.close();
            for (int i = 0; i < 6; i++) {
                load(version("file-" + i));
            }
            assertThat(store.residency(lentVersion)).isEmpty();
            assertHolds(lentVersion, reader);
        }
    }

    @Test
    void a_file_that_an_earlier_process_handed_out_goes_whole() throws Exception {
        FileVersion lentVersion = version("lent");
        load(lentVersion);
        BackingFile lent;
        try (CachedFile file = store.open(lentVersion, source)) {
            lent = file.handOut().orElseThrow();
        }
        store.close();
        store = open(Duration.ZERO);
        for (int i = 0; i < 6; i++) {
            load(version("file-" + i));
        }
        assertThat(store.residency(lentVersion)).isEmpty();
        assertHolds(lentVersion, lent);
        lent.close();
    }

    @Test
    void what_nobody_opened_for_the_time_to_live_goes() throws Exception {
        store.close();
        store = open(TIME_TO_LIVE);
        load(version("old"));
        nanos.addAndGet(TIME_TO_LIVE.plusMillis(1).toNanos());
        load(version("young"));
        await().until(() -> store.residency(version("old")).isEmpty());
        assertThat(store.residency(version("young"))).isPresent();
    }

    @Test
    void a_small_file_that_nobody_opened_for_the_time_to_live_goes_and_one_that_was_used_stays() throws Exception {
        FileVersion old = new FileVersion(MOUNT, ObjectKey.of("old"), 5000, new EntityTag("\"1\""));
        FileVersion used = new FileVersion(MOUNT, ObjectKey.of("used"), 5000, new EntityTag("\"1\""));
        store.close();
        store = open(TIME_TO_LIVE);
        load(old);
        load(used);
        nanos.addAndGet(TIME_TO_LIVE.dividedBy(2).toNanos());
        load(used);
        nanos.addAndGet(TIME_TO_LIVE.dividedBy(2).plusMillis(1).toNanos());
        await().until(() -> store.residency(old).isEmpty());
        assertThat(store.residency(used)).isPresent();
    }

    private TieredBlockStore open(Duration timeToLive) throws IOException {
        StoreSettings base = StoreSettings.defaults();
        StoreSettings settings = new StoreSettings(
                directory.resolve("cache"),
                Optional.of(ByteSize.ofMebibytes(24)),
                Optional.of(new ByteSize(0)),
                base.leftFree(),
                base.fetchThreads(),
                base.flightBudget(),
                timeToLive);
        return TieredBlockStore.open(settings, FaultPoints.NONE, new SimpleMeterRegistry(), nanos::get);
    }

    private StoreUsage.TierUsage disk() {
        return Objects.requireNonNull(store.usage().tiers().get(Tier.DISK));
    }

    private void load(FileVersion version) throws IOException, InterruptedException {
        try (CachedFile file = store.open(version, source)) {
            file.load(version.wholeFile(), FetchReason.LOAD, FetchProgress.IGNORED);
        }
    }

    private static void assertHolds(FileVersion version, BackingFile lent) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile("/proc/self/fd/" + lent.descriptor(), "r")) {
            assertHolds(version, file);
        }
    }

    private static void assertHolds(FileVersion version, RandomAccessFile file) throws IOException {
        long seed = PatternSource.seed(version);
        byte[] bytes = new byte[(int) FILE_BYTES];
        file.readFully(bytes);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != PatternSource.byteAt(seed, i)) {
                throw new AssertionError("wrong byte at " + i);
            }
        }
    }

    private static FileVersion version(String key) {
        return new FileVersion(MOUNT, ObjectKey.of(key), FILE_BYTES, new EntityTag("\"" + key + "\""));
    }
}
