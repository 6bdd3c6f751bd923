package io.headrace.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.protocol.ByteSize;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.VersionTag.EntityTag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks that are full or read-only: real mounts, so it needs root. */
final class StoreDiskIT {
    private static final FileVersion FILE = version("file", 20 << 20);
    private static final FileVersion SMALL = version("small", 200_000);

    @TempDir
    Path parent;

    private final PatternSource source = new PatternSource();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private Path disk;

    @BeforeEach
    void mountSmallDisk() throws Exception {
        disk = Files.createDirectories(parent.resolve("disk"));
        run("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", disk.toString());
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", "-l", disk.toString());
    }

    @Test
    void reads_are_served_while_the_disk_is_full() throws Exception {
        Files.write(disk.resolve("ballast"), new byte[1]);
        Path cache = Files.createDirectories(disk.resolve("cache"));
        try (TieredBlockStore store = open(cache)) {
            Files.write(disk.resolve("ballast"), new byte[10 << 20]);
            readBoth(store);
            readBoth(store);
            assertThat(meters.get("headrace.store.unkept.blocks").counter().count())
                    .isPositive();
            Files.delete(disk.resolve("ballast"));
            readBoth(store);
        }
    }

    @Test
    void a_cache_larger_than_its_disk_evicts_instead_of_failing() throws Exception {
        try (TieredBlockStore store = open(disk.resolve("cache"))) {
            for (int i = 0; i < 6; i++) {
                FileVersion version = version("file-" + i, 5 << 20);
                try (CachedFile file = store.open(version, source)) {
                    StoreReads.readWholeChecked(file);
                }
            }
            assertThat(meters.get("headrace.store.evicted.bytes")
                            .functionCounter()
                            .count())
                    .isPositive();
        }
    }

    @Test
    void reads_are_served_when_the_disk_turns_read_only() throws Exception {
        Path cache = parent.resolve("cache");
        try (TieredBlockStore store = open(cache)) {
            run(
                    "mount",
                    "-t",
                    "tmpfs",
                    "-o",
                    "ro",
                    "tmpfs",
                    cache.resolve("blocks").toString());
            try {
                try (CachedFile file = store.open(FILE, source)) {
                    StoreReads.readWholeChecked(file);
                    assertThatThrownBy(() -> file.load(FILE.wholeFile(), FetchReason.LOAD, FetchProgress.IGNORED))
                            .isInstanceOf(InsufficientSpaceException.class);
                }
                assertThat(meters.get("headrace.store.unkept.blocks").counter().count())
                        .isPositive();
            } finally {
                run("umount", "-l", cache.resolve("blocks").toString());
            }
            readBoth(store);
        }
    }

    @Test
    void a_read_only_disk_is_refused_at_once() throws Exception {
        Path cache = disk.resolve("cache");
        open(cache).close();
        run("mount", "-o", "remount,ro", disk.toString());
        assertThatThrownBy(() -> open(cache))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("read-only file system")
                .hasMessageContaining(cache.toString());
    }

    private TieredBlockStore open(Path cache) throws IOException {
        StoreSettings base = StoreSettings.defaults();
        StoreSettings settings = new StoreSettings(
                cache,
                Optional.of(ByteSize.ofMebibytes(256)),
                Optional.of(new ByteSize(0)),
                new ByteSize(0),
                base.fetchThreads(),
                base.flightBudget(),
                base.timeToLive());
        return TieredBlockStore.open(settings, FaultPoints.NONE, meters, System::nanoTime);
    }

    private void readBoth(BlockStore store) throws IOException {
        for (FileVersion version : List.of(FILE, SMALL)) {
            try (CachedFile file = store.open(version, source)) {
                StoreReads.readWholeChecked(file);
            }
        }
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(String.join(" ", command)).isZero();
    }

    private static FileVersion version(String key, long bytes) {
        return new FileVersion(
                new MountId("0123456789abcdef"), ObjectKey.of(key), bytes, new EntityTag("\"" + key + "\""));
    }
}
