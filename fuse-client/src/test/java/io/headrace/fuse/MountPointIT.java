package io.headrace.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.headrace.fuse.MountException.Reason;
import io.headrace.fuse.kernel.Libc;
import io.headrace.fuse.mount.MountTable;
import io.headrace.protocol.Entry.FileEntry;
import io.headrace.protocol.Namespace;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Mount points as they are found, and every way to unmount. */
@Timeout(60)
class MountPointIT {
    @TempDir
    Path scratch;

    private final MemoryNamespace names = new MemoryNamespace();

    private FuseMount mountOn(Path mountPoint, FuseSettings settings) throws IOException {
        TemporaryStore store = new TemporaryStore(Files.createDirectories(scratch.resolve("store")));
        MountContent content = new MountContent(names, store, file -> Mounted.NO_READ_AHEAD, Mounted.NO_SIBLINGS);
        return FuseMount.mount(
                new MountTarget(mountPoint, "test:it", Optional.empty()), settings, content, new SimpleMeterRegistry());
    }

    private static void assertRefused(ThrowingCallable mounting, Reason reason, String fix) {
        assertThatThrownBy(mounting)
                .hasMessageContaining(fix)
                .asInstanceOf(type(MountException.class))
                .extracting(MountException::reason)
                .isEqualTo(reason);
    }

    @Test
    void a_missing_directory_is_refused() {
        assertRefused(
                () -> mountOn(scratch.resolve("absent"), Settings.served()), Reason.MOUNT_POINT_MISSING, "mkdir -p");
    }

    @Test
    void a_file_is_refused() throws Exception {
        Path file = Files.createFile(scratch.resolve("file"));
        assertRefused(() -> mountOn(file, Settings.served()), Reason.MOUNT_POINT_NOT_A_DIRECTORY, "is not a directory");
    }

    @Test
    void a_directory_that_is_not_empty_is_refused() throws Exception {
        Files.createFile(scratch.resolve("hidden"));
        assertRefused(() -> mountOn(scratch, Settings.served()), Reason.MOUNT_POINT_NOT_EMPTY, "allow-non-empty");
    }

    @Test
    void a_living_mount_is_refused_by_any_path_to_it() throws Exception {
        Path mountPoint = Files.createDirectory(scratch.resolve("mnt"));
        Path link = Files.createSymbolicLink(scratch.resolve("link"), mountPoint);
        try (FuseMount mount = mountOn(mountPoint, Settings.served())) {
            assertThat(mount.mountPoint()).isEqualTo(mountPoint.toRealPath());
            assertRefused(() -> mountOn(mountPoint, Settings.served()), Reason.ALREADY_MOUNTED, "umount");
            assertRefused(() -> mountOn(link, Settings.served()), Reason.ALREADY_MOUNTED, "unmount it first");
        }
    }

    @Test
    void the_remains_of_a_dead_mount_are_cleaned_up() throws Exception {
        Path mountPoint = Files.createDirectory(scratch.resolve("mnt"));
        int device = Libc.open("/dev/fuse", Libc.O_RDWR | Libc.O_CLOEXEC);
        String options = "fd=" + device + ",rootmode=40000,user_id=0,group_id=0";
        assertThat(Libc.mount("test:dead", mountPoint.toString(), MountTable.TYPE, 0, options))
                .isZero();
        Libc.close(device);
        assertThatThrownBy(() -> Files.list(mountPoint)).hasMessageContaining("not connected");
        FileEntry file = names.file(Namespace.ROOT_ID, "f", 10);
        try (FuseMount mount = mountOn(mountPoint, Settings.served())) {
            assertThat(mount.mountPoint().resolve("f")).exists();
            assertThat(file.version().lengthBytes()).isEqualTo(10);
        }
        assertThat(MountTable.read().at(mountPoint)).isEmpty();
    }

    @Test
    void a_busy_mount_says_so_and_stays() throws Exception {
        Path mountPoint = Files.createDirectory(scratch.resolve("mnt"));
        names.file(Namespace.ROOT_ID, "f", 10);
        try (FuseMount mount = mountOn(mountPoint, Settings.served())) {
            try (InputStream open = Files.newInputStream(mountPoint.resolve("f"))) {
                assertThat(open).isNotNull();
                assertRefused(mount::unmount, Reason.BUSY, "fuser -vm");
                assertThat(mountPoint.resolve("f")).exists();
            }
            mount.unmount();
            assertThat(mount.awaitUnmounted(Duration.ZERO)).isTrue();
        }
    }

    @Test
    void closing_takes_a_busy_mount_away() throws Exception {
        Path mountPoint = Files.createDirectory(scratch.resolve("mnt"));
        names.file(Namespace.ROOT_ID, "f", 10);
        FuseMount mount = mountOn(mountPoint, Settings.served());
        try (InputStream open = Files.newInputStream(mountPoint.resolve("f"))) {
            mount.close();
            assertThat(mount.awaitUnmounted(Duration.ZERO)).isTrue();
            assertThat(MountTable.read().at(mountPoint)).isEmpty();
            assertThatThrownBy(open::read).isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_lazy_unmount_from_outside_ends_the_mount_when_its_last_user_is_done() throws Exception {
        Path mountPoint = Files.createDirectory(scratch.resolve("mnt"));
        names.file(Namespace.ROOT_ID, "f", 10);
        FuseMount mount = mountOn(mountPoint, Settings.served());
        try (InputStream open = Files.newInputStream(mountPoint.resolve("f"))) {
            assertThat(Mounted.run("umount", "-l", mountPoint.toString())).isEmpty();
            assertThat(open.available()).isEqualTo(10);
            assertThat(mount.awaitUnmounted(Duration.ofMillis(200))).isFalse();
        }
        assertThat(mount.awaitUnmounted(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void fusermount_mounts_and_unmounts_too() throws Exception {
        Path mountPoint = Files.createDirectory(scratch.resolve("mnt"));
        names.file(Namespace.ROOT_ID, "f", 10);
        try (FuseMount mount = mountOn(mountPoint, Settings.byFusermount())) {
            assertThat(mount.mountPoint().resolve("f")).exists();
            assertThat(MountTable.read().at(mountPoint).orElseThrow())
                    .matches(MountTable.Mounted::isHeadrace)
                    .extracting(MountTable.Mounted::source)
                    .isEqualTo("test:it");
        }
        assertThat(MountTable.read().at(mountPoint)).isEmpty();
    }
}
