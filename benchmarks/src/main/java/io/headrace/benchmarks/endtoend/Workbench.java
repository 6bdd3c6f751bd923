package io.headrace.benchmarks.endtoend;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * What scenarios work with. Owns a scratch folder on a disk, emptied at the end.
 *
 * @param repository where {@code bin/headrace} is
 * @param repetitions counted repetitions of each figure
 * @param scale 1 for the sizes that the figures are stated for
 */
public record Workbench(Path repository, Path scratch, int repetitions, double scale) implements AutoCloseable {
    private static final int PIECE = 4 << 20;

    /** A measurement that can fail. */
    @FunctionalInterface
    public interface Measurement {
        Timing run() throws Exception;
    }

    /** The limit and Headrace, measured in turn so that a drifting machine hits both. */
    public record Pairs(List<Timing> limit, List<Timing> ours) {
        /** Our rate over the limit's, pair by pair. */
        public List<Double> rateRatios() {
            List<Double> ratios = new ArrayList<>();
            for (int i = 0; i < ours.size(); i++) {
                ratios.add(ours.get(i).bytesPerSecond() / limit.get(i).bytesPerSecond());
            }
            return ratios;
        }

        /** Our time over the limit's, pair by pair. */
        public List<Double> timeRatios() {
            return rateRatios().stream().map(ratio -> 1 / ratio).toList();
        }

        public String detail() {
            return "limit " + described(limit) + "; ours " + described(ours);
        }

        private static String described(List<Timing> timings) {
            Timing median = timings.stream()
                    .sorted(Comparator.comparingDouble(Timing::seconds))
                    .toList()
                    .get(timings.size() / 2);
            return String.format(
                    java.util.Locale.ROOT,
                    "%.2f GB/s at %.3f CPU-s/GB (reader)",
                    median.gigabytesPerSecond(),
                    median.cpuSecondsPerGigabyte());
        }
    }

    /** One warm-up of each, then {@link #repetitions} pairs. */
    public Pairs pairs(Measurement limit, Measurement ours) throws Exception {
        limit.run();
        ours.run();
        List<Timing> limits = new ArrayList<>();
        List<Timing> own = new ArrayList<>();
        for (int i = 0; i < repetitions; i++) {
            limits.add(limit.run());
            own.add(ours.run());
        }
        return new Pairs(limits, own);
    }

    /** As often as figures are repeated. */
    public <T> List<T> repeated(Callable<T> measurement) throws Exception {
        List<T> results = new ArrayList<>();
        for (int i = 0; i < repetitions; i++) {
            results.add(measurement.call());
        }
        return results;
    }

    public long scaled(long bytes) {
        return Math.max(PIECE, (long) (bytes * scale) / PIECE * PIECE);
    }

    /** An empty folder of this name in the scratch folder. */
    public Path folder(String name) throws IOException {
        Path folder = scratch.resolve(name);
        deleteTree(folder);
        return Files.createDirectories(folder);
    }

    /** Writes incompressible bytes in aligned 4 MiB pieces, as the tiers are written, so that both have huge folios. */
    public static void writeRandom(Path file, long bytes, long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long at = 0; at < bytes; at += PIECE) {
                piece.clear().limit((int) Math.min(PIECE, bytes - at));
                while (piece.remaining() >= Long.BYTES) {
                    piece.putLong(random.nextLong());
                }
                while (piece.hasRemaining()) {
                    piece.put((byte) random.nextInt());
                }
                piece.flip();
                while (piece.hasRemaining()) {
                    channel.write(piece);
                }
            }
        }
    }

    /** Empties the kernel's page cache of one file, as far as it is the file's own. */
    public static void dropPageCache(Path file) throws IOException, InterruptedException {
        command(List.of("dd", "if=" + file, "iflag=nocache", "count=0", "status=none"));
    }

    /** Brings a file into the page cache. */
    public static void warm(Path file) throws IOException {
        Reads.sequential(file, PIECE);
    }

    /** Runs a program to its end. */
    public static void command(List<String> command) throws IOException, InterruptedException {
        command(command, Map.of());
    }

    /** @param environment secrets among others, which go on no command line */
    public static void command(List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command + " ended with " + process.exitValue() + ": " + said);
        }
    }

    /** Empties the kernel's page cache, dentries and inodes. Needs root. */
    public static void dropKernelCaches() throws IOException, InterruptedException {
        command(List.of("sync"));
        Files.writeString(Path.of("/proc/sys/vm/drop_caches"), "3\n");
    }

    public static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Override
    public void close() throws IOException {
        deleteTree(scratch);
    }
}
