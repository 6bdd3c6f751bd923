package io.headrace.master.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.headrace.master.catalog.Catalog;
import io.headrace.master.catalog.CatalogMount;
import io.headrace.master.catalog.CatalogSettings;
import io.headrace.master.catalog.MountSettings;
import io.headrace.master.cluster.Cluster;
import io.headrace.master.cluster.ClusterSettings;
import io.headrace.master.lead.LeaderLock;
import io.headrace.master.lead.LedByAnotherException;
import io.headrace.protocol.Entry;
import io.headrace.protocol.EntryName;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.Namespace;
import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreOptions;
import io.headrace.storage.UnderStores;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BackupTest {
    private static final Duration PATIENCE = Duration.ofSeconds(45);
    private static final Duration LATER = Duration.ofDays(1);

    @TempDir
    private Path folder;

    @Test
    void a_restored_catalog_has_the_names_and_gives_out_no_id_that_the_lost_one_may_have_given_out()
            throws IOException {
        Path backup = folder.resolve("backup");
        Files.createDirectories(folder.resolve("origin"));
        Files.writeString(folder.resolve("origin/a.bin"), "a");
        long lostId;
        try (Catalog catalog = catalog(folder.resolve("old"), Clock.systemUTC());
                UnderStore store = origin()) {
            CatalogMount mount = catalog.mount("data", store, MountSettings.defaults());
            await().atMost(PATIENCE).until(() -> mount.status().listedAt().isPresent());
            write(folder.resolve("old"), catalog, backup);
            Files.writeString(folder.resolve("origin/late.bin"), "late");
            lostId = newest(catalog, store);
        }

        new BackupFile(backup).restore(folder.resolve("new"), later());
        try (Catalog catalog = catalog(folder.resolve("new"), later());
                UnderStore store = origin()) {
            assertThat(catalog.mount("data", store, MountSettings.defaults())
                            .status()
                            .totals()
                            .files())
                    .isEqualTo(1);
            assertThat(newest(catalog, store)).isGreaterThan(lostId);
        }
    }

    /** The id of a directory that is made now. */
    private static long newest(Catalog catalog, UnderStore store) throws IOException {
        CatalogMount _ = catalog.mount("more", store, MountSettings.defaults());
        Optional<Entry> made = catalog.lookup(Namespace.ROOT_ID, EntryName.of("more"));
        return made.orElseThrow().id();
    }

    @Test
    void a_restored_view_is_newer_than_any_that_the_lost_master_showed() throws IOException {
        Path old = folder.resolve("old");
        long lostEpoch;
        String cluster;
        try (Cluster members = Cluster.open(old.resolve("members"), ClusterSettings.defaults())) {
            lostEpoch = members.views().current().epoch();
            cluster = members.clusterId();
        }
        Path backup = backupOf(old);

        new BackupFile(backup).restore(folder.resolve("new"), later());
        try (Cluster members = Cluster.open(folder.resolve("new/members"), ClusterSettings.defaults())) {
            assertThat(members.views().current().epoch()).isGreaterThan(lostEpoch + LATER.toMillis() / 2);
            assertThat(members.clusterId()).isEqualTo(cluster);
        }
    }

    @Test
    void a_backup_that_is_cut_or_changed_anywhere_is_refused_before_anything_is_touched() throws IOException {
        byte[] whole = Files.readAllBytes(smallBackup());
        Path target = folder.resolve("target");
        for (int at = 0; at < whole.length; at++) {
            byte[] flipped = whole.clone();
            flipped[at] ^= 0x10;
            assertRefused(flipped, target);
            assertRefused(Arrays.copyOf(whole, at), target);
        }
        assertRefused(Arrays.copyOf(whole, whole.length + 1), target);
        assertThat(target).doesNotExist();
    }

    private void assertRefused(byte[] content, Path target) throws IOException {
        Path file = Files.write(folder.resolve("damaged"), content);
        assertThatThrownBy(() -> new BackupFile(file).restore(target, later()))
                .isInstanceOf(DamagedBackupException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void a_directory_with_something_in_it_is_refused_and_stays_as_it_is() throws IOException {
        Path backup = smallBackup();
        Path target = Files.createDirectories(folder.resolve("target"));
        Files.writeString(target.resolve("data-sets"), "mine");
        assertThatThrownBy(() -> new BackupFile(backup).restore(target, later()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not empty");
        assertThat(target.resolve("data-sets")).hasContent("mine");
    }

    @Test
    void a_restore_that_did_not_end_is_done_again_from_its_beginning() throws IOException {
        Path backup = smallBackup();
        Path target = Files.createDirectories(folder.resolve("target"));
        Files.writeString(target.resolve(BackupFile.UNFINISHED), "");
        Files.writeString(target.resolve("data-sets"), "half");
        Files.writeString(Files.createDirectories(target.resolve("catalog")).resolve("more"), "half");

        new BackupFile(backup).restore(target, later());
        assertThat(target.resolve("data-sets")).hasContent("list");
        assertThat(target.resolve("catalog")).doesNotExist();
        assertThat(target.resolve(BackupFile.UNFINISHED)).doesNotExist();
    }

    @Test
    void nothing_is_restored_where_a_master_leads() throws IOException {
        Path backup = smallBackup();
        Path target = Files.createDirectories(folder.resolve("target"));
        try (LeaderLock _ = LeaderLock.take(target, "a master")) {
            assertThatThrownBy(() -> new BackupFile(backup).restore(target, later()))
                    .isInstanceOf(LedByAnotherException.class);
        }
        assertThat(target).isDirectoryNotContaining(path -> !path.endsWith(LeaderLock.FILE));
        new BackupFile(backup).restore(target, later());
        assertThat(target.resolve("data-sets")).hasContent("list");
    }

    @Test
    void a_name_that_leads_out_of_the_directory_is_refused() throws IOException {
        Path file = folder.resolve("backup");
        try (OutputStream out = Files.newOutputStream(file)) {
            BackupWriter backup = new BackupWriter(out);
            backup.add("../outside", new byte[1]);
            backup.finish();
        }
        assertThatThrownBy(() -> new BackupFile(file).restore(folder.resolve("target"), later()))
                .isInstanceOf(DamagedBackupException.class)
                .hasMessageContaining("../outside");
        assertThat(folder.resolve("outside")).doesNotExist();
    }

    private Path smallBackup() throws IOException {
        Path file = folder.resolve("small");
        try (OutputStream out = Files.newOutputStream(file)) {
            BackupWriter backup = new BackupWriter(out);
            backup.add("data-sets", new byte[] {'l', 'i', 's', 't'});
            backup.add("more", new byte[3]);
            backup.finish();
        }
        return file;
    }

    private Path backupOf(Path directory) throws IOException {
        Path file = folder.resolve("backup");
        try (Catalog catalog = catalog(directory, Clock.systemUTC())) {
            write(directory, catalog, file);
        }
        return file;
    }

    private static void write(Path directory, Catalog catalog, Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            new BackupService(directory, catalog).write(new BackupWriter(out), false);
        }
    }

    private static Catalog catalog(Path directory, Clock clock) throws IOException {
        return Catalog.open(
                directory.resolve("catalog"),
                CatalogSettings.defaults(),
                clock,
                new SimpleMeterRegistry(),
                FaultPoints.NONE);
    }

    private UnderStore origin() throws IOException {
        return UnderStores.open(folder.resolve("origin").toUri(), UnderStoreOptions.defaults());
    }

    private static Clock later() {
        return Clock.fixed(Instant.now().plus(LATER), ZoneOffset.UTC);
    }
}
