package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole program as a user without privileges, who mounts by {@code fusermount3}. */
class OrdinaryUserE2E {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final OriginTree TREE = OriginTree.ofAwkwardFiles();

    @TempDir
    private Path folder;

    private MountNamespace machine;
    private Launcher headrace;
    private Path origin;
    private Path mountPoint;

    @BeforeEach
    void prepare() throws IOException, InterruptedException {
        machine = MountNamespace.after(MountNamespace.USUAL_DEVICES);
        origin = Files.createDirectory(folder.resolve("origin"));
        TREE.writeTo(origin);
        mountPoint = Files.createDirectory(folder.resolve("mount"));
        for (Path own : new Path[] {folder, mountPoint}) {
            Files.setAttribute(own, "unix:uid", MountNamespace.ORDINARY_USER);
        }
        headrace = Launcher.in(folder, machine.asOrdinaryUser()).with("HOME", folder.toString());
    }

    @AfterEach
    void leaveNothing() throws IOException, InterruptedException {
        headrace.close();
        machine.close();
    }

    @Test
    void mounts_reads_every_byte_and_unmounts_and_leaves_nothing() throws Exception {
        Launcher.Outcome mounted = mount();
        assertThat(mounted.status()).as(mounted.err()).isZero();
        assertThat(headrace.mounted()).containsExactly(mountPoint);

        assertThat(Md5Sums.found(TREE, mountPoint, machine.asOrdinaryUser(), folder))
                .as("straight from the origin")
                .isEqualTo(Md5Sums.of(TREE));
        headrace.succeed("load", mountPoint);
        assertThat(Md5Sums.found(TREE, mountPoint, machine.asOrdinaryUser(), folder))
                .as("from the cache")
                .isEqualTo(Md5Sums.of(TREE));

        headrace.succeed("umount", mountPoint);
        assertThat(headrace.mountedOfAnyKind()).isEmpty();
        await().atMost(PATIENCE).until(() -> headrace.processes().isEmpty());
        assertThat(machine.inside("/dev/shm")).isEmptyDirectory();
        assertThat(folder.resolve("run/headrace")).isEmptyDirectory();
    }

    @Test
    void one_line_says_what_a_user_cannot_have() throws Exception {
        String told = mount().err();

        assertThat(told.lines().filter(line -> line.contains("is mounted on")))
                .singleElement()
                .asString()
                .contains("reads are served, not passed through", "CAP_SYS_ADMIN")
                .contains("the kernel reads 128 KiB ahead", "read_ahead_kb is not writable", "root write 16384 to it");
    }

    @Test
    void mounting_for_others_is_refused_where_the_machine_does_not_allow_it() throws Exception {
        Launcher.Outcome refused = mount("--allow-other");

        assertThat(refused.status()).as(refused.err()).isEqualTo(ExitCode.ENVIRONMENT.status());
        assertThat(refused.err())
                .startsWith("headrace: ")
                .contains("may not mount for others", "user_allow_other", "/etc/fuse.conf");
        assertThat(headrace.mountedOfAnyKind()).isEmpty();
        assertThat(folder.resolve("run/headrace")).isEmptyDirectory();
    }

    @Test
    void only_the_mount_is_left_of_a_killed_process_that_nobody_can_succeed() throws Exception {
        Path settings = Files.writeString(folder.resolve("settings"), "fuse.threads = 2\n");
        Launcher.Outcome mounted = mount("--settings=" + settings);
        assertThat(mounted.status()).as(mounted.err()).isZero();
        assertThat(machine.inside("/dev/shm")).isNotEmptyDirectory();

        Files.writeString(settings, "no such setting\n");
        ProcessHandle.of(headrace.status(mountPoint).getPid()).orElseThrow().destroyForcibly();

        await().atMost(PATIENCE.multipliedBy(2))
                .until(() -> headrace.processes().isEmpty());
        assertThat(headrace.mountedOfAnyKind()).hasSize(1);
        assertThat(machine.inside("/dev/shm")).isEmptyDirectory();
        assertThat(folder.resolve("run/headrace")).isEmptyDirectory();
    }

    private Launcher.Outcome mount(String... options) throws IOException, InterruptedException {
        Object[] line = Stream.of(
                        Stream.of("mount", "--cache", folder.resolve("cache") + ":64MiB", "--memory=16MiB"),
                        Stream.of(options),
                        Stream.of(origin.toUri(), mountPoint))
                .flatMap(part -> part)
                .toArray();
        return headrace.run(line);
    }
}
