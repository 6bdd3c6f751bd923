package io.headrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The whole program on every kind of origin, its files read by a program that knows nothing of Headrace. */
class OriginsMountE2E {
    private static final long MD5SUM_SECONDS = 120;
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
            assertThat(md5sum(mountPoint)).as("straight from the origin").isEqualTo(md5OfTree());
            headrace.succeed("load", mountPoint);
            assertThat(md5sum(mountPoint)).as("from the cache").isEqualTo(md5OfTree());
            assertThat(headrace.succeed("check", "--origin", mountPoint)).contains(" 0 not right");

            headrace.succeed("umount", mountPoint);
            assertThat(headrace.mounted()).isEmpty();
        }
    }

    private static Map<String, String> md5OfTree() throws NoSuchAlgorithmException {
        Map<String, String> sums = new TreeMap<>();
        for (Map.Entry<String, byte[]> file : TREE.files().entrySet()) {
            byte[] sum = MessageDigest.getInstance("MD5").digest(file.getValue());
            sums.put(file.getKey(), HexFormat.of().formatHex(sum));
        }
        return sums;
    }

    /** What {@code md5sum} says of every file of the tree below the mount point. */
    private Map<String, String> md5sum(Path mountPoint) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("md5sum", "--zero", "--"));
        command.addAll(TREE.files().keySet());
        Path output = folder.resolve("md5sum.out");
        Process md5sum = new ProcessBuilder(command)
                .directory(mountPoint.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!md5sum.waitFor(MD5SUM_SECONDS, TimeUnit.SECONDS)) {
            md5sum.destroyForcibly();
            throw new IOException("md5sum did not end within " + MD5SUM_SECONDS + " s");
        }
        String said = Files.readString(output);
        assertThat(md5sum.exitValue()).as(said).isZero();
        Map<String, String> sums = new TreeMap<>();
        for (String line : said.split("\0", -1)) {
            if (!line.isEmpty()) {
                String[] sumAndName = line.split("  ", 2);
                sums.put(sumAndName[1], sumAndName[0]);
            }
        }
        return sums;
    }
}
