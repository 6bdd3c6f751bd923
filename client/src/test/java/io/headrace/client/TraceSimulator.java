package io.headrace.client;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.EntryName;
import java.nio.ByteBuffer;
import java.util.List;

/** Plays the reads of a trace to a read-ahead and judges what it planned. */
final class TraceSimulator {
    private final long lengthBytes;
    private final ReadAhead readAhead;
    private final Intervals planned = new Intervals();
    private final Intervals read = new Intervals();
    private long readBytes;
    private long predictedBytes;
    private long plannedTwice;
    private long mostAhead;
    private boolean leftTheFile;

    TraceSimulator(long lengthBytes) {
        this(lengthBytes, ReadAheads.forFile(name("file"), lengthBytes, ReadAheadSettings.defaults()));
    }

    TraceSimulator(long lengthBytes, ReadAhead readAhead) {
        this.lengthBytes = lengthBytes;
        this.readAhead = readAhead;
    }

    static EntryName name(String name) {
        return EntryName.of(name);
    }

    /** Reads a range; whether all of it had been planned before. */
    boolean read(long offset, long length) {
        ByteRange range = new ByteRange(offset, length).clippedTo(new ByteRange(0, lengthBytes));
        long predicted = planned.overlap(range);
        predictedBytes += predicted;
        readBytes += range.length();
        read.add(range);
        take(readAhead.observe(range));
        return predicted == range.length();
    }

    TraceSimulator readAll(List<ByteRange> trace) {
        trace.forEach(range -> read(range.offset(), range.length()));
        return this;
    }

    void inspect(ByteBuffer head) {
        take(readAhead.inspectHeader(head));
    }

    private void take(List<ByteRange> plan) {
        for (ByteRange range : plan) {
            leftTheFile |= range.isEmpty() || range.end() > lengthBytes;
            plannedTwice += planned.add(range);
        }
        mostAhead = Math.max(mostAhead, planned.bytes() - planned.bytesIn(read));
    }

    /** Of the bytes that were read, how many had been planned by then. */
    double hitRatio() {
        return (double) predictedBytes / readBytes;
    }

    /** Planned bytes that were never read, over the bytes that were. */
    double wasteRatio() {
        return (double) wastedBytes() / read.bytes();
    }

    /** Bytes that were read, each once. */
    long readBytes() {
        return read.bytes();
    }

    long wastedBytes() {
        return planned.bytes() - planned.bytesIn(read);
    }

    /** The most that was planned and not read yet. */
    long mostAheadBytes() {
        return mostAhead;
    }

    long plannedTwiceBytes() {
        return plannedTwice;
    }

    boolean leftTheFile() {
        return leftTheFile;
    }

    String describe() {
        return readAhead.describe();
    }
}
