package io.headrace.benchmarks.endtoend;

import io.headrace.client.sdk.ConnectSettings;
import io.headrace.client.sdk.Headrace;
import io.headrace.client.sdk.RemoteFile;
import io.headrace.protocol.DirectoryCursor;
import io.headrace.protocol.Entry;
import io.headrace.protocol.local.LocalSettings;
import io.headrace.testing.origin.VersionedFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * The process of readers on a host of a network, who keep nothing, of a cluster with one data set. It takes commands, a line each, and answers each with the bytes
 * read and the nanoseconds that it took:
 *
 * <ul>
 *   <li>{@code whole N FILE}: N readers, each of whom reads the file from start to end;
 *   <li>{@code random N ROUNDS SECONDS FILES}: N readers of whole blocks at random places of the first so many files; an answer
 *       for each round, of the bytes that came to the host in it, the network's headers included. The first round begins
 *       {@value #RAMP_SECONDS} s after the readers;
 *   <li>{@code get URI}: one stream straight from the origin.
 * </ul>
 */
final class HostedReader {
    private static final int BLOCK = 4 << 20;
    /** Of them all; the readers' own threads come on top. */
    private static final int PARALLEL_READS = 1;

    /** Until each link has as much to do as it will have. */
    private static final int RAMP_SECONDS = 3;

    private final Headrace headrace;
    private final long seed;

    private HostedReader(Headrace headrace, long seed) {
        this.headrace = headrace;
        this.seed = seed;
    }

    /** @param arguments the master's address, and a seed */
    public static void main(String[] arguments) throws Exception {
        ConnectSettings settings = ConnectSettings.to(arguments[0])
                .withParallelReads(PARALLEL_READS)
                .withLocal(LocalSettings.off());
        try (Headrace headrace = Headrace.connect(settings)) {
            HostedReader reader = new HostedReader(headrace, Long.parseLong(arguments[1]));
            System.out.println("ready");
            BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                List<String> words = List.of(line.split(" "));
                for (Timing timing : reader.obey(words)) {
                    System.out.println(timing.bytes() + " " + Math.round(timing.seconds() * 1e9));
                }
            }
        }
    }

    private List<Timing> obey(List<String> words) throws Exception {
        return switch (words.getFirst()) {
            case "whole" -> {
                RemoteFile file = open(Integer.parseInt(words.get(2)));
                yield List.of(timed(() -> together(Integer.parseInt(words.get(1)), number -> () -> whole(file))));
            }
            case "random" -> {
                List<RemoteFile> files = new ArrayList<>();
                for (int i = 0; i < Integer.parseInt(words.get(4)); i++) {
                    files.add(open(i));
                }
                Rounds rounds = new Rounds(Integer.parseInt(words.get(2)), Integer.parseInt(words.get(3)));
                yield rounds.during(over -> together(
                        Integer.parseInt(words.get(1)),
                        number -> () -> random(files, new SplittableRandom(seed * 1000 + number), over)));
            }
            case "get" -> List.of(timed(() -> get(URI.create(words.get(1)))));
            default -> throw new IllegalArgumentException("no such command: " + words);
        };
    }

    private static Timing timed(Callable<Long> bytes) throws Exception {
        long started = System.nanoTime();
        long read = bytes.call();
        return new Timing(read, (System.nanoTime() - started) / 1e9, 0);
    }

    @FunctionalInterface
    private interface Work {
        long until(BooleanSupplier over) throws Exception;
    }

    /** Times in which links are as busy at their end as at their beginning. */
    private record Rounds(int count, int seconds) {
        List<Timing> during(Work work) throws Exception {
            AtomicBoolean over = new AtomicBoolean();
            List<Timing> rounds = new ArrayList<>();
            try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
                Future<Long> working = thread.submit(() -> work.until(over::get));
                TimeUnit.SECONDS.sleep(RAMP_SECONDS);
                for (int i = 0; i < count; i++) {
                    long before = received();
                    long started = System.nanoTime();
                    TimeUnit.SECONDS.sleep(seconds);
                    rounds.add(new Timing(received() - before, (System.nanoTime() - started) / 1e9, 0));
                }
                over.set(true);
                long _ = working.get();
            }
            return rounds;
        }

        /** By all links of this host, as in proc(5). */
        private static long received() throws IOException {
            try (Stream<String> lines = Files.lines(Path.of("/proc/self/net/dev"))) {
                return lines.skip(2)
                        .map(line -> line.strip().split("[: ]+"))
                        .filter(columns -> !columns[0].equals("lo"))
                        .mapToLong(columns -> Long.parseLong(columns[1]))
                        .sum();
            }
        }
    }

    private RemoteFile open(int file) throws IOException {
        try (DirectoryCursor dataSets = headrace.list("")) {
            Entry dataSet = dataSets.next().orElseThrow(() -> new IOException("the cluster has no data set"));
            return headrace.open(dataSet.name() + "/" + VersionedFiles.name(file));
        }
    }

    @FunctionalInterface
    private interface Readers {
        Callable<Long> reader(int number);
    }

    private static long together(int count, Readers readers) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
            List<Future<Long>> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                all.add(threads.submit(readers.reader(i)));
            }
            long bytes = 0;
            for (Future<Long> one : all) {
                bytes += one.get();
            }
            return bytes;
        }
    }

    private static long whole(RemoteFile file) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BLOCK);
        long at = 0;
        for (int read = 0; read >= 0; at += Math.max(0, read)) {
            read = file.read(at, buffer.clear());
        }
        return at;
    }

    private static long random(List<RemoteFile> files, SplittableRandom random, BooleanSupplier over)
            throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BLOCK);
        long bytes = 0;
        while (!over.getAsBoolean()) {
            RemoteFile file = files.get(random.nextInt(files.size()));
            bytes += file.read(random.nextLong(file.lengthBytes() / BLOCK) * BLOCK, buffer.clear());
        }
        return bytes;
    }

    private static long get(URI uri) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BLOCK);
        long bytes = 0;
        try (InputStream body = uri.toURL().openStream()) {
            for (int read = 0; read >= 0; bytes += Math.max(0, read)) {
                read = body.read(buffer.array());
            }
        }
        return bytes;
    }
}
