package io.headrace.master.serve;

import io.headrace.protocol.ByteSize;
import io.headrace.protocol.NamespaceChange;
import io.headrace.protocol.names.NamesCodec;
import io.headrace.protocol.v1.NameChange;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The newest changes, numbered from 1 on in the order in which they became visible. One array serves all watchers: each only
 * has a position in it, so that a slow one costs no memory; who is behind the oldest change that is kept has missed
 * some, and starts over. Thread-safe.
 */
final class ChangeLog {
    private static final int BATCH_CHANGES = 256;
    private static final int BATCH_BYTES = 512 * 1024;

    private final long history;
    private final @Nullable NameChange[] ring;
    private final long mostBytes;
    /** Changes behind {@code first} up to {@code last} are kept. */
    private long first;

    private long last;
    private long bytes;

    /** @param history tells this log from those of other runs; not 0 */
    ChangeLog(long history, int mostChanges, ByteSize mostBytes) {
        this.history = history;
        this.ring = new NameChange[mostChanges];
        this.mostBytes = mostBytes.bytes();
    }

    /**
     * What comes behind a position.
     *
     * @param sequence the position behind these changes
     * @param startOver whether changes between the position and these are not known any more
     */
    record Slice(long sequence, boolean startOver, List<NameChange> changes) {
        boolean isNews() {
            return startOver || !changes.isEmpty();
        }
    }

    long history() {
        return history;
    }

    synchronized void add(NamespaceChange change) {
        switch (change) {
            case NamespaceChange.OfName named -> append(NamesCodec.toMessage(named));
            case NamespaceChange.Missed missed -> startOver();
        }
    }

    private void append(NameChange message) {
        if (last - first == ring.length) {
            dropOldest();
        }
        last++;
        ring[index(last)] = message;
        bytes += message.getSerializedSize();
        while (bytes > mostBytes) {
            dropOldest();
        }
    }

    private void dropOldest() {
        first++;
        NameChange oldest = ring[index(first)];
        if (oldest != null) {
            bytes -= oldest.getSerializedSize();
            ring[index(first)] = null;
        }
    }

    /** From now on, everybody who is at an earlier position has missed something. */
    synchronized void startOver() {
        while (first < last) {
            dropOldest();
        }
        last++;
        first = last;
    }

    /** @param after a position of this log, or one of another history, which is behind everything */
    synchronized Slice read(long ofHistory, long after) {
        if (ofHistory != history || after < first || after > last) {
            return new Slice(last, true, List.of());
        }
        List<NameChange> changes = new ArrayList<>();
        int size = 0;
        long at = after;
        while (at < last && changes.size() < BATCH_CHANGES && size < BATCH_BYTES) {
            at++;
            NameChange change = ring[index(at)];
            if (change != null) {
                changes.add(change);
                size += change.getSerializedSize();
            }
        }
        return new Slice(at, false, changes);
    }

    private int index(long sequence) {
        return (int) (sequence % ring.length);
    }
}
