package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The whole program on every kind of origin, its files read by a program that knows nothing of Headrace. */
class OriginsMountE2E {
    private static final OriginTree TREE = OriginTree.ofAwkwardFiles();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(ServedTree.Kind.class)
    void md5sum_of_every_file_is_that_of_the_origin(ServedTree.Kind kind) throws Exception {
        Path mountPoint = Files.createDirectory(folder.resolve("mount"));
        try (ServedTree origin = kind.serve(TREE, folder.resolve("origin"));
                Launcher headrace = Launcher.in(folder)) {
            Launcher.Outcome mounted = origin.mount(headrace, origin.server(), folder);
            assertThat(mounted.status()).as(mounted.err()).isZero();

            TREE.assertSameNames(mountPoint);
            assertThat(md5sum(mountPoint)).as("straight from the origin").isEqualTo(Md5Sums.of(TREE));
            headrace.succeed("load", mountPoint);
            assertThat(md5sum(mountPoint)).as("from the cache").isEqualTo(Md5Sums.of(TREE));
            assertThat(headrace.succeed("check", "--origin", mountPoint)).contains(" 0 not right");

            headrace.succeed("umount", mountPoint);
            assertThat(headrace.mounted()).isEmpty();
        }
    }

    private Map<String, String> md5sum(Path mountPoint) throws IOException, InterruptedException {
        return Md5Sums.found(TREE, mountPoint, Surroundings.MACHINE, folder);
    }
}
