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
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The process of readers on a host of a network, who keep nothing, of a cluster with one data set. It takes commands, a line each, and answers each with the bytes
 * read and the nanoseconds that it took:
 *
 * <ul>
 *   <li>{@code whole N FILE}: N readers, each of whom reads the file from start to end;
 *   <li>{@code random N SECONDS FILES}: N readers of whole blocks at random places of the first so many files, who read for
 *       {@value #RAMP_SECONDS} s before; a block counts when its end comes within the seconds;
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
                Timing timing = reader.obey(words);
                System.out.println(timing.bytes() + " " + Math.round(timing.seconds() * 1e9));
            }
        }
    }

    private Timing obey(List<String> words) throws Exception {
        return switch (words.getFirst()) {
            case "whole" -> {
                RemoteFile file = open(Integer.parseInt(words.get(2)));
                yield timed(() -> together(Integer.parseInt(words.get(1)), number -> () -> whole(file)));
            }
            case "random" -> {
                List<RemoteFile> files = new ArrayList<>();
                for (int i = 0; i < Integer.parseInt(words.get(3)); i++) {
                    files.add(open(i));
                }
                Window window = Window.after(RAMP_SECONDS, Integer.parseInt(words.get(2)));
                long bytes = together(
                        Integer.parseInt(words.get(1)),
                        number -> () -> random(files, new SplittableRandom(seed * 1000 + number), window));
                yield new Timing(bytes, window.seconds(), 0);
            }
            case "get" -> timed(() -> get(URI.create(words.get(1))));
            default -> throw new IllegalArgumentException("no such command: " + words);
        };
    }

    private static Timing timed(Callable<Long> bytes) throws Exception {
        long started = System.nanoTime();
        long read = bytes.call();
        return new Timing(read, (System.nanoTime() - started) / 1e9, 0);
    }

    /** A time of which is told what ended in it: links are as busy at its end as at its beginning. */
    private record Window(long from, long to) {
        static Window after(int seconds, int length) {
            long from = System.nanoTime() + seconds * 1_000_000_000L;
            return new Window(from, from + length * 1_000_000_000L);
        }

        boolean isOver() {
            return System.nanoTime() - to >= 0;
        }

        boolean isNow() {
            return System.nanoTime() - from >= 0 && !isOver();
        }

        double seconds() {
            return (to - from) / 1e9;
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

    private static long random(List<RemoteFile> files, SplittableRandom random, Window window) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BLOCK);
        long bytes = 0;
        while (!window.isOver()) {
            RemoteFile file = files.get(random.nextInt(files.size()));
            int read = file.read(random.nextLong(file.lengthBytes() / BLOCK) * BLOCK, buffer.clear());
            bytes += window.isNow() ? read : 0;
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
