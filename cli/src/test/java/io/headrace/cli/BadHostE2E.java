package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Machines that cannot mount: the message names what they lack and how to mend it, and nothing is left. */
class BadHostE2E {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String DEVICE_FIX = "modprobe fuse";

    enum Who {
        ROOT,
        ORDINARY_USER;

        Surroundings in(MountNamespace machine) {
            return this == ROOT ? machine.asRoot() : machine.asOrdinaryUser();
        }
    }

    @TempDir
    private Path folder;

    private Path origin;
    private Path mountPoint;

    @BeforeEach
    void prepare() throws IOException {
        origin = Files.createDirectory(folder.resolve("origin"));
        mountPoint = Files.createDirectory(folder.resolve("mount"));
        for (Path own : new Path[] {folder, mountPoint}) {
            Files.setAttribute(own, "unix:uid", MountNamespace.ORDINARY_USER);
        }
    }

    @ParameterizedTest
    @EnumSource
    void without_a_fuse_device_nobody_mounts(Who who) throws Exception {
        assertRefused(MountNamespace.NO_FUSE_DEVICE, who::in, "/dev/fuse does not exist", DEVICE_FIX);
    }

    @ParameterizedTest
    @EnumSource
    void another_file_in_the_place_of_the_device_is_told_from_it(Who who) throws Exception {
        assertRefused("mount --bind /dev/null /dev/fuse", who::in, "/dev/fuse is another file", DEVICE_FIX);
    }

    @Test
    void a_device_that_only_root_may_open_is_named_with_its_usual_mode() throws Exception {
        String machine = MountNamespace.USUAL_DEVICES + "; chmod 600 /dev/fuse";
        assertRefused(machine, MountNamespace::asOrdinaryUser, "may not open /dev/fuse", "chmod 666 /dev/fuse");
    }

    @Test
    void an_ordinary_user_is_told_which_program_is_missing() throws Exception {
        String machine = MountNamespace.USUAL_DEVICES + "; mount --bind /dev/null $(command -v fusermount3)";
        assertRefused(machine, MountNamespace::asOrdinaryUser, "fusermount3 was not found", "package fuse3");
    }

    @Test
    void root_without_the_right_to_mount_is_told_which_capability_it_lacks() throws Exception {
        Function<MountNamespace, Surroundings> powerless =
                machine -> machine.asRoot().with("setpriv", "--bounding-set=-sys_admin", "--");
        assertRefused(MountNamespace.USUAL_DEVICES, powerless, "cannot mount on " + mountPoint, "CAP_SYS_ADMIN");
    }

    private void assertRefused(
            String arrangement, Function<MountNamespace, Surroundings> who, String lacking, String fix)
            throws IOException, InterruptedException {
        try (MountNamespace machine = MountNamespace.after(arrangement);
                Launcher headrace = Launcher.in(folder, who.apply(machine)).with("HOME", folder.toString())) {
            Launcher.Outcome refused = headrace.run(
                    "mount",
                    "--cache",
                    folder.resolve("cache") + ":64MiB",
                    "--memory=16MiB",
                    origin.toUri(),
                    mountPoint);

            assertThat(refused.status()).as(refused.err()).isEqualTo(ExitCode.ENVIRONMENT.status());
            assertThat(refused.err())
                    .startsWith("headrace: ")
                    .contains(lacking, fix)
                    .doesNotContain("Exception");
            assertThat(headrace.mountedOfAnyKind()).isEmpty();
            await().atMost(PATIENCE).until(() -> headrace.processes().isEmpty());
            assertThat(folder.resolve("run/headrace")).isEmptyDirectory();
        }
    }
}
