package io.headrace.benchmarks.endtoend;

import io.headrace.benchmarks.endtoend.Figure.Target.AtLeast;
import io.headrace.benchmarks.endtoend.Figure.Target.AtMost;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import software.amazon.awssdk.services.s3.S3Client;

/** P7c: a cold sequential read through the mount, against a plain download by the same SDK, from an S3 server beside. */
final class ColdDownload implements Scenario {
    private static final long OBJECT_BYTES = 1L << 30;
    private static final String KEY = "model.bin";
    private static final int RANGES = 8;
    private static final int MEBIBYTE = 1 << 20;
    private static final int BUFFER = 128 << 10;

    @Override
    public String id() {
        return "P7c";
    }

    @Override
    public String question() {
        return "cold sequential read from a local S3 server ÷ the SDK's download by " + RANGES + " ranges";
    }

    @Override
    public List<Figure> run(Workbench bench) throws Exception {
        Path file = bench.folder("p7c").resolve(KEY);
        Workbench.writeRandom(file, bench.scaled(OBJECT_BYTES), 8);
        try (S3Origin origin = S3Origin.start()) {
            origin.put(KEY, file);
            try (MountedHeadrace mounted = origin.mount(bench, "p7c")) {
                Path ours = mounted.directory().resolve(KEY);
                List<Double> cpu = new ArrayList<>();
                Workbench.Pairs pairs =
                        bench.pairs(() -> download(origin.client(), Files.size(file)), () -> cold(mounted, ours, cpu));
                return List.of(
                        new Figure("rate ÷ the SDK's", new AtLeast(0.95), pairs.rateRatios(), pairs.detail()),
                        new Figure(
                                "CPU-s/GB, daemon and reader",
                                new AtMost(2.0),
                                cpu.subList(1, cpu.size()),
                                String.format(
                                        Locale.ROOT,
                                        "the SDK's process %.2f (last)",
                                        pairs.limit().getLast().cpuSecondsPerGigabyte())));
            }
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static Timing cold(MountedHeadrace mounted, Path ours, List<Double> cpu) throws Exception {
        mounted.headrace("evict", ours.toString());
        Workbench.dropPageCache(ours);
        double before = mounted.cpuSeconds();
        Timing timing = Reads.sequential(ours, MEBIBYTE);
        double daemon = mounted.cpuSeconds() - before;
        Timing both = new Timing(timing.bytes(), timing.seconds(), timing.cpuSeconds() + daemon);
        cpu.add(both.cpuSecondsPerGigabyte());
        return both;
    }

    /** Its CPU seconds are the whole process's. */
    private static Timing download(S3Client client, long bytes) throws Exception {
        long self = ProcessHandle.current().pid();
        double before = Processes.cpuSeconds(self);
        long started = System.nanoTime();
        try (ExecutorService streams = Executors.newFixedThreadPool(RANGES)) {
            List<Future<Void>> all = new ArrayList<>();
            long share = Math.ceilDiv(bytes, RANGES);
            for (long from = 0; from < bytes; from += share) {
                String range = "bytes=" + from + "-" + (Math.min(bytes, from + share) - 1);
                long length = Math.min(bytes, from + share) - from;
                all.add(streams.submit(() -> {
                    drain(client, range, length);
                    return null;
                }));
            }
            for (Future<Void> one : all) {
                one.get();
            }
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        return new Timing(bytes, seconds, Processes.cpuSeconds(self) - before);
    }

    private static void drain(S3Client client, String range, long length) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long total = 0;
        try (InputStream body = client.getObject(
                request -> request.bucket(S3Origin.BUCKET).key(KEY).range(range))) {
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                total += read;
            }
        }
        if (total != length) {
            throw new EOFException(range + " of the object gave " + total + " bytes");
        }
    }
}
