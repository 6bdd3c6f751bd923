package io.headrace.client;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.EntryName;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Function;

/** Plays the reads of a trace to a read-ahead and judges what it planned. */
final class TraceSimulator {
    private final long lengthBytes;
    private final ReadAhead readAhead;
    private final Intervals planned = new Intervals();
    private final Intervals read = new Intervals();
    private final FetchedBytes fetched;
    private long readBytes;
    private int exactReads;
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
        this.fetched = new FetchedBytes(lengthBytes);
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
        fetch(range);
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

    /** Shows whatever is wanted of the file, until nothing more is. */
    void inspect(Function<ByteRange, ByteBuffer> file) {
        while (!readAhead.wantedHeader().isEmpty()) {
            inspect(file.apply(readAhead.wantedHeader()));
        }
    }

    /** Shows the first bytes of a file of no known format. */
    void inspectUnknown() {
        inspect(ByteBuffer.allocate(HeaderInspector.FIRST_LOOK_BYTES));
    }

    private void fetch(ByteRange range) {
        if (readAhead.wantsExactly(range)) {
            exactReads++;
            fetched.addExactly(range);
        } else {
            fetched.add(range);
        }
    }

    private void take(List<ByteRange> plan) {
        for (ByteRange range : plan) {
            leftTheFile |= range.isEmpty() || range.end() > lengthBytes;
            plannedTwice += planned.add(range);
            fetched.add(range);
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

    /** What a store would have fetched by now. */
    long fetchedBytes() {
        return fetched.bytes();
    }

    /** Fetched bytes over bytes that were read, each once. */
    double fetchedRatio() {
        return (double) fetched.bytes() / read.bytes();
    }

    /** Reads whose bytes alone were wanted. */
    int exactReads() {
        return exactReads;
    }

    String describe() {
        return readAhead.describe();
    }
}
