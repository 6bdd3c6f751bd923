package io.headrace.client;

import io.headrace.protocol.ByteRange;
import java.util.List;

/**
 * What of one file was planned and what was read, in the present pass over it. When all of it was read, or twice as many
 * bytes as it has, a new pass begins with nothing planned, so that a second epoch over a file that was partly evicted
 * meanwhile is read ahead again. Not thread-safe.
 */
final class Coverage {
    private final ByteRange file;
    private final ChunkMap planned;
    private final ChunkMap read;
    private long hits;
    private long bytesOfPass;

    Coverage(long lengthBytes) {
        this.file = new ByteRange(0, lengthBytes);
        this.planned = new ChunkMap(lengthBytes);
        this.read = new ChunkMap(lengthBytes);
    }

    void wasRead(ByteRange range) {
        bytesOfPass += range.length();
        if (isNewPass(range)) {
            bytesOfPass = range.length();
            planned.clear();
            read.clear();
            hits = 0;
        }
        int last = read.indexAt(range.end() - 1);
        for (int chunk = read.indexAt(range.offset()); chunk <= last; chunk++) {
            if (read.add(chunk) && planned.contains(chunk)) {
                hits++;
            }
        }
    }

    /** Pieces read twice, such as the pages in which tensors meet, make no new pass. */
    private boolean isNewPass(ByteRange range) {
        long twice = bytesOfPass - file.length();
        boolean fromStart = range.offset() < read.chunkBytes();
        boolean readThrough = read.isFull() && (twice > file.length() / 64 || (twice > 0 && fromStart));
        return readThrough || twice > file.length();
    }

    /** Adds to {@code plan} what of {@code [from, to)} was not planned, to whole chunks at the end away from the reader. */
    void planForward(long from, long to, List<ByteRange> plan) {
        plan(from, to, from, file.end(), plan);
    }

    /** As {@link #planForward}, for a reader that comes down from {@code to}. */
    void planBackward(long from, long to, List<ByteRange> plan) {
        plan(from, to, 0, to, plan);
    }

    /** Whether any of it was planned, so that its blocks may be on their way. */
    boolean isPlanned(ByteRange range) {
        int last = planned.indexAt(range.end() - 1);
        for (int chunk = planned.indexAt(range.offset()); chunk <= last; chunk++) {
            if (planned.contains(chunk)) {
                return true;
            }
        }
        return false;
    }

    /** Adds the range when none of its chunks was planned; they count as planned then. */
    void planExactly(ByteRange range, List<ByteRange> plan) {
        int first = planned.indexAt(range.offset());
        int behindLast = planned.indexAt(range.end() - 1) + 1;
        if (isPlanned(range)) {
            return;
        }
        for (int chunk = first; chunk < behindLast; chunk++) {
            planned.add(chunk);
        }
        plan.add(range);
    }

    /** Adds to {@code plan} up to {@code chunks} chunks that were neither planned nor read, from {@code start} on. */
    int planUnread(int start, int chunks, List<ByteRange> plan) {
        int chunk = planned.nextAbsent(start);
        while (chunk < planned.chunks() && read.contains(chunk)) {
            chunk = planned.nextAbsent(chunk + 1);
        }
        int first = chunk;
        while (chunk < planned.chunks() && chunk - first < chunks && !read.contains(chunk) && planned.add(chunk)) {
            chunk++;
        }
        if (chunk > first) {
            plan.add(planned.range(first, chunk));
        }
        return chunk;
    }

    long plannedUnreadBytes() {
        return planned.bytes() - hitBytes();
    }

    long hitBytes() {
        return hits * planned.chunkBytes();
    }

    long readBytes() {
        return read.bytes();
    }

    int chunkAt(long offset) {
        return planned.indexAt(offset);
    }

    int chunks() {
        return planned.chunks();
    }

    long chunkBytes() {
        return planned.chunkBytes();
    }

    private void plan(long from, long to, long least, long most, List<ByteRange> plan) {
        if (to <= from) {
            return;
        }
        ByteRange bounds = ByteRange.between(least, most);
        int behindLast = planned.indexAt(to - 1) + 1;
        int chunk = planned.indexAt(from);
        while (chunk < behindLast) {
            int first = planned.nextAbsent(chunk);
            chunk = first;
            while (chunk < behindLast && planned.add(chunk)) {
                chunk++;
            }
            if (chunk > first) {
                plan.add(planned.range(first, chunk).clippedTo(bounds));
            }
            chunk++;
        }
    }
}
