package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A mount whose process may open few files, and programs that open many. */
class FewDescriptorsE2E {
    private static final int LIMIT = 256;
    private static final int FILES = 200;

    /** Longer than what is packed with others: each has a file of its own in the cache. */
    private static final int BYTES = (1 << 20) + 4096;

    @TempDir
    private Path folder;

    private Launcher headrace;
    private Path origin;
    private Path mountPoint;

    @BeforeEach
    void mount() throws IOException, InterruptedException {
        origin = Files.createDirectory(folder.resolve("origin"));
        for (int i = 0; i <= FILES; i++) {
            Files.write(origin.resolve("f" + i), content(i));
        }
        mountPoint = Files.createDirectory(folder.resolve("mount"));
        headrace = Launcher.in(folder, Surroundings.MACHINE.with("prlimit", "--nofile=" + LIMIT + ":" + LIMIT));
        headrace.succeed(
                "mount", "--cache", folder.resolve("cache") + ":1GiB", "--memory", "0", origin.toUri(), mountPoint);
    }

    @AfterEach
    void leaveNothing() throws IOException, InterruptedException {
        headrace.close();
    }

    @Test
    void readers_of_many_open_files_get_right_bytes_or_are_told_and_others_are_fetched_meanwhile() throws Exception {
        // Served while they come, passed through as far as the descriptors go when they are here.
        readAllAtOnce();
        readAllAtOnce();

        Map<Integer, InputStream> opened = openAll();
        assertThat(descriptorsOfTheMount()).isLessThan(LIMIT - 32);
        assertThat(Files.readAllBytes(mountPoint.resolve("f" + FILES)))
                .as("a file that nobody read before")
                .isEqualTo(content(FILES));
        closeAll(opened);

        headrace.succeed("umount", mountPoint);
        assertThat(headrace.mounted()).isEmpty();
    }

    private void readAllAtOnce() throws IOException {
        Map<Integer, InputStream> opened = openAll();
        for (Map.Entry<Integer, InputStream> file : opened.entrySet()) {
            try {
                assertThat(file.getValue().readAllBytes()).isEqualTo(content(file.getKey()));
            } catch (IOException told) {
                assertThat(told).hasMessageContaining("Too many open files");
            }
        }
        closeAll(opened);
    }

    private Map<Integer, InputStream> openAll() {
        Map<Integer, InputStream> opened = new LinkedHashMap<>();
        for (int i = 0; i < FILES; i++) {
            try {
                opened.put(i, Files.newInputStream(mountPoint.resolve("f" + i)));
            } catch (IOException told) {
                assertThat(told).hasMessageContaining("Too many open files");
            }
        }
        return opened;
    }

    private static void closeAll(Map<Integer, InputStream> opened) throws IOException {
        for (InputStream stream : opened.values()) {
            stream.close();
        }
    }

    private long descriptorsOfTheMount() throws IOException, InterruptedException {
        try (Stream<Path> open = Files.list(
                Path.of("/proc", Long.toString(headrace.status(mountPoint).getPid()), "fd"))) {
            return open.count();
        }
    }

    private static byte[] content(int file) {
        byte[] content = new byte[BYTES];
        new Random(file).nextBytes(content);
        return content;
    }
}
