package io.headrace.client;

import io.headrace.protocol.ByteRange;

/**
 * One reader that moves through a file, seen by its reads: {@code [low, high)} is where it was lately. Reads of a stream
 * arrive slightly out of order, as several threads serve them. Not thread-safe.
 */
final class ReadStream {
    /** Two reads that touch, or three that are near, are a stream. */
    private static final int FORWARD_VOTES = 2;

    /** A swapped pair looks like a step back, so a backward stream must show more. */
    private static final int BACKWARD_VOTES = 4;

    private static final int MOST_VOTES = 8;
    private static final int SLACK_READS = 8;
    private static final long MOST_SLACK = 16 << 20;

    private long low;
    private long high;
    private long runBytes;
    private long readBytes;
    private int forwardVotes;
    private int backwardVotes;
    private long usedAt;
    private long leastSlack;
    private boolean backward;

    /** Forward: everything up to here was planned. Backward: everything from here. */
    private long plannedTo;

    ReadStream(ByteRange first, long now) {
        low = first.offset();
        high = first.end();
        runBytes = first.length();
        readBytes = first.length();
        usedAt = now;
        plannedTo = high;
    }

    /** A stream that takes small pieces at small distances, so close that all between them is worth fetching. */
    static ReadStream ofSmallSteps(ByteRange last, long step, long now) {
        ReadStream stream = new ReadStream(last, now);
        stream.leastSlack = 2 * Math.abs(step);
        stream.forwardVotes = step > 0 ? MOST_VOTES : 0;
        stream.backwardVotes = step > 0 ? 0 : MOST_VOTES;
        stream.plannedTo = step > 0 ? stream.high : stream.low;
        stream.backward = step < 0;
        return stream;
    }

    /** How far the read is from where the next one is expected; {@link Long#MAX_VALUE} when it is not of this stream. */
    long distance(ByteRange read) {
        long slack = slack(read.length());
        if (read.offset() > high + slack || read.end() < low - slack) {
            return Long.MAX_VALUE;
        }
        return isBackward() ? Math.abs(read.end() - low) : Math.abs(read.offset() - high);
    }

    /** Counts a read as this stream's. */
    void add(ByteRange read, long now) {
        usedAt = now;
        readBytes = Math.max(readBytes, read.length());
        if (read.end() > high) {
            vote(read.offset() == high ? 2 : 1, 0);
            runBytes += read.end() - Math.max(high, read.offset());
            high = read.end();
        }
        if (read.offset() < low) {
            vote(0, read.end() == low ? 2 : 1);
            runBytes += Math.min(low, read.end()) - read.offset();
            low = read.offset();
        }
        boolean turned = backward != isBackward();
        backward = isBackward();
        if (turned) {
            plannedTo = backward ? low : high;
        }
        long trail = 2 * slack(readBytes);
        if (isForward()) {
            low = Math.max(low, high - trail);
            plannedTo = Math.max(plannedTo, high);
        } else if (isBackward()) {
            high = Math.min(high, low + trail);
            plannedTo = Math.min(plannedTo, low);
        }
    }

    /** Whether the two overlap, or go the same way so close together that they are one out of order. */
    boolean meets(ReadStream that) {
        long gap = isForward() && that.isForward() ? slack(readBytes) : 0;
        return low <= that.high + gap && that.low <= high + gap;
    }

    /** Takes another stream's place and history too. */
    void absorb(ReadStream that) {
        boolean sameWay = isBackward() == that.isBackward();
        low = Math.min(low, that.low);
        high = Math.max(high, that.high);
        runBytes += that.runBytes;
        readBytes = Math.max(readBytes, that.readBytes);
        if (isBackward()) {
            plannedTo = Math.min(low, sameWay ? Math.min(plannedTo, that.plannedTo) : plannedTo);
        } else {
            plannedTo = Math.max(high, sameWay ? Math.max(plannedTo, that.plannedTo) : plannedTo);
        }
    }

    boolean isForward() {
        return forwardVotes >= FORWARD_VOTES && forwardVotes >= backwardVotes;
    }

    boolean isBackward() {
        return backwardVotes >= BACKWARD_VOTES && backwardVotes > forwardVotes;
    }

    long low() {
        return low;
    }

    long high() {
        return high;
    }

    /** Bytes that it went on in one go. */
    long runBytes() {
        return runBytes;
    }

    /** Its largest read. */
    long readBytes() {
        return readBytes;
    }

    long usedAt() {
        return usedAt;
    }

    long plannedTo() {
        return plannedTo;
    }

    void planned(long to) {
        plannedTo = to;
    }

    /** Bytes planned that it has not come to. */
    long outstandingBytes() {
        if (isBackward()) {
            return Math.max(0, low - plannedTo);
        }
        return Math.max(0, plannedTo - high);
    }

    private long slack(long readLength) {
        boolean proven = isForward() || isBackward();
        return Math.max(leastSlack, proven ? Math.min(MOST_SLACK, SLACK_READS * readLength) : readLength);
    }

    private void vote(int forward, int backward) {
        forwardVotes = Math.clamp(forwardVotes + forward - backward, 0, MOST_VOTES);
        backwardVotes = Math.clamp(backwardVotes + backward - forward, 0, MOST_VOTES);
    }
}
