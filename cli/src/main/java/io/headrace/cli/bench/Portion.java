package io.headrace.cli.bench;

import io.headrace.protocol.ByteRange;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What one thread reads in one go. */
record Portion(Path path, ByteRange range) {
    /** Whole files where there is one for each thread; else each file in as many parts as there are threads. */
    static Queue<Portion> of(List<BenchFile> files, int threads) {
        int parts = files.size() < threads ? threads : 1;
        Queue<Portion> portions = new ArrayDeque<>();
        for (BenchFile file : files) {
            long step = Math.ceilDiv(file.lengthBytes(), parts);
            for (long at = 0; at < file.lengthBytes(); at += step) {
                portions.add(new Portion(file.path(), new ByteRange(at, Math.min(step, file.lengthBytes() - at))));
            }
        }
        return new ConcurrentLinkedQueue<>(portions);
    }
}
