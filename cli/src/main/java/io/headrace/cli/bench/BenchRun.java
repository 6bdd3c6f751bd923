package io.headrace.cli.bench;

import io.headrace.cli.CommandException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;

/** Reads files in one pattern with some threads, each of which waits for one read at a time. */
final class BenchRun {
    private static final long TELL_EVERY_MILLIS = 200;

    private final Pattern pattern;
    private final BenchFiles files;
    private final BenchPlan plan;
    private final BenchProgress progress;
    private final LongAdder bytes = new LongAdder();
    private volatile boolean stopped;

    BenchRun(Pattern pattern, BenchFiles files, BenchPlan plan, BenchProgress progress) {
        this.pattern = pattern;
        this.files = files;
        this.plan = plan;
        this.progress = progress;
    }

    /** Makes the reads of one thread, on that thread. */
    @FunctionalInterface
    private interface ReadsOfThread {
        Reads begin(int thread);
    }

    /** @throws IOException when a read fails; the message names the file */
    BenchResult run() throws IOException, InterruptedException, CommandException {
        ReadsOfThread reads = reads(files.require(pattern));
        long started = System.nanoTime();
        List<Future<Latencies>> running = new ArrayList<>();
        Latencies all = new Latencies();
        try (ExecutorService threads = Executors.newFixedThreadPool(
                plan.threads(),
                Thread.ofPlatform().name("headrace-bench-", 0).daemon().factory())) {
            for (int i = 0; i < plan.threads(); i++) {
                int thread = i;
                Callable<Latencies> work = () -> read(reads, thread, started);
                running.add(threads.submit(work));
            }
            try {
                for (Future<Latencies> one : running) {
                    all.addAll(await(one, started));
                }
            } finally {
                stopped = true;
                progress.done();
            }
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        return new BenchResult(pattern, files.root(), bytes.sum(), seconds, all);
    }

    private ReadsOfThread reads(List<BenchFile> fitting) {
        return switch (pattern) {
            case SEQUENTIAL -> {
                Queue<Portion> portions = Portion.of(fitting, plan.threads());
                yield thread -> new SequentialReads(portions);
            }
            case MMAP -> {
                Queue<Portion> portions = Portion.of(fitting, plan.threads());
                yield thread -> new MappedReads(portions);
            }
            case RANDOM -> thread -> new RandomReads(fitting, new SplittableRandom(plan.seed() + thread));
            case SMALL -> {
                List<BenchFile> shuffled = new ArrayList<>(fitting);
                Collections.shuffle(shuffled, new Random(plan.seed()));
                Queue<BenchFile> queue = new ConcurrentLinkedQueue<>(shuffled);
                yield thread -> new SmallFileReads(queue);
            }
        };
    }

    /** Reads once at least, however short the time. */
    private Latencies read(ReadsOfThread begin, int thread, long started) throws IOException {
        Latencies latencies = new Latencies();
        try (Reads reads = begin.begin(thread)) {
            long before = System.nanoTime();
            do {
                int count = next(reads);
                long now = System.nanoTime();
                if (count == 0) {
                    break;
                }
                bytes.add(count);
                latencies.add(now - before);
                before = now;
            } while (!stopped && before - started < plan.most().toNanos() && bytes.sum() < plan.mostBytes());
        }
        return latencies;
    }

    private int next(Reads reads) throws IOException {
        try {
            return reads.next();
        } catch (IOException failure) {
            stopped = true;
            throw new IOException("reading " + reads.path() + " failed: " + failure.getMessage(), failure);
        }
    }

    private Latencies await(Future<Latencies> one, long started) throws IOException, InterruptedException {
        while (true) {
            try {
                return one.get(TELL_EVERY_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException notYet) {
                progress.show(pattern, bytes.sum(), System.nanoTime() - started);
            } catch (ExecutionException failure) {
                if (failure.getCause() instanceof IOException read) {
                    throw read;
                }
                throw new IllegalStateException(failure.getCause());
            }
        }
    }
}
