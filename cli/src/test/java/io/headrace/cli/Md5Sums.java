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

/** The sums of an {@link OriginTree}'s files by name, as they should be and as {@code md5sum} finds them. */
final class Md5Sums {
    private static final long MD5SUM_SECONDS = 120;

    private Md5Sums() {}

    static Map<String, String> of(OriginTree tree) throws NoSuchAlgorithmException {
        Map<String, String> sums = new TreeMap<>();
        for (Map.Entry<String, byte[]> file : tree.files().entrySet()) {
            byte[] sum = MessageDigest.getInstance("MD5").digest(file.getValue());
            sums.put(file.getKey(), HexFormat.of().formatHex(sum));
        }
        return sums;
    }

    /**
     * What the program says of the tree's names below a mount point.
     *
     * @param scratch for what it says
     */
    static Map<String, String> found(OriginTree tree, Path mountPoint, Surroundings surroundings, Path scratch)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(surroundings.prefix());
        command.addAll(List.of("md5sum", "--zero", "--"));
        tree.files().keySet().forEach(name -> command.add(mountPoint + "/" + name));
        Path output = scratch.resolve("md5sum.out");
        Process md5sum = new ProcessBuilder(command)
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
                String[] sumAndPath = line.split("  ", 2);
                sums.put(mountPoint.relativize(Path.of(sumAndPath[1])).toString(), sumAndPath[0]);
            }
        }
        return sums;
    }
}
