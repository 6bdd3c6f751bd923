package io.headrace.client;

import io.headrace.protocol.ByteRange;
import java.util.Optional;

/** The last streams of one file, each read given to the stream that expects it nearest. Not thread-safe. */
final class StreamTable {
    static final int MOST_STREAMS = 32;

    /** A stream that has gone on for so long is one for certain. */
    static final long PROVEN_BYTES = 4 << 20;

    private static final long PROVEN_STAYS_LONGER = 1024;

    /** A stream that nothing was seen of for so many reads counts as ended. */
    private static final long ALIVE_FOR_READS = 128;

    private final long lengthBytes;
    private final ReadStream[] streams = new ReadStream[MOST_STREAMS];
    private int count;

    StreamTable(long lengthBytes) {
        this.lengthBytes = lengthBytes;
    }

    Optional<ReadStream> find(ByteRange read) {
        ReadStream nearest = null;
        long least = Long.MAX_VALUE;
        for (int i = 0; i < count; i++) {
            long distance = streams[i].distance(read);
            if (distance < least) {
                least = distance;
                nearest = streams[i];
            }
        }
        return Optional.ofNullable(nearest);
    }

    /** Makes streams that a grown one has met a part of it: reads out of order look like several at first. */
    void join(ReadStream grown) {
        for (int i = count - 1; i >= 0; i--) {
            if (streams[i] != grown && grown.meets(streams[i])) {
                grown.absorb(streams[i]);
                streams[i] = streams[--count];
            }
        }
    }

    /** Adds a stream, in place of the one that was least lately used when the table is full. */
    void add(ReadStream stream) {
        if (count < MOST_STREAMS) {
            streams[count++] = stream;
            return;
        }
        int oldest = 0;
        for (int i = 1; i < count; i++) {
            if (keptUntil(streams[i]) < keptUntil(streams[oldest])) {
                oldest = i;
            }
        }
        streams[oldest] = stream;
    }

    long outstandingBytes(long now) {
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            if (isAlive(streams[i], now)) {
                bytes += streams[i].outstandingBytes();
            }
        }
        return bytes;
    }

    /** Streams that go on. */
    int alive(long now) {
        int found = 0;
        for (int i = 0; i < count; i++) {
            found += isAlive(streams[i], now) ? 1 : 0;
        }
        return found;
    }

    /** Forward streams that go on and are no chance. */
    int provenForward(long now) {
        int found = 0;
        for (int i = 0; i < count; i++) {
            found += isAlive(streams[i], now) && isProven(streams[i]) && streams[i].isForward() ? 1 : 0;
        }
        return found;
    }

    /** What there is, ended streams included; empty when all may be chance. */
    Optional<String> describe() {
        int forward = 0;
        int backward = 0;
        for (int i = 0; i < count; i++) {
            forward += isProven(streams[i]) && streams[i].isForward() ? 1 : 0;
            backward += isProven(streams[i]) && streams[i].isBackward() ? 1 : 0;
        }
        if (forward + backward == 0) {
            return Optional.empty();
        }
        return Optional.of(forward >= backward ? "sequential x " + forward : "backward x " + backward);
    }

    static boolean isProven(ReadStream stream) {
        return stream.runBytes() >= PROVEN_BYTES;
    }

    private boolean isAlive(ReadStream stream, long now) {
        boolean ended = stream.isBackward() ? stream.low() == 0 : stream.high() == lengthBytes;
        return !ended && now - stream.usedAt() < ALIVE_FOR_READS;
    }

    private static long keptUntil(ReadStream stream) {
        return stream.usedAt() + (isProven(stream) ? PROVEN_STAYS_LONGER : 0);
    }
}
