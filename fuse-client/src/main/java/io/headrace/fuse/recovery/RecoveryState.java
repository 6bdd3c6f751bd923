package io.headrace.fuse.recovery;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.headrace.fuse.MountException;
import io.headrace.fuse.MountException.Reason;
import io.headrace.fuse.session.BackingLedger;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a successor must know of a connection and cannot compute: what INIT agreed on, and which backing ids the kernel
 * has. A mapped file, so that a store is a store: it survives the death of the process, not of the machine, and needs
 * to survive no more, because the connection does not either. Thread-safe.
 *
 * <p>Layout, in the machine's byte order: 64 bytes of head (magic, format, INIT's features, generation), then
 * {@value #SLOTS} slots of 16 bytes (entry id or 0, backing id, opens). A slot is taken by writing its entry id last, and
 * given up by clearing that first.
 */
public final class RecoveryState implements BackingLedger, AutoCloseable {
    private static final long MAGIC = 0x6865616472616365L;
    private static final int FORMAT = 1;
    private static final int SLOTS = 1 << 16;
    private static final long HEAD_BYTES = 64;
    private static final long SLOT_BYTES = 16;
    private static final long BYTES = HEAD_BYTES + SLOTS * SLOT_BYTES;
    private static final long FORMAT_AT = 8;
    private static final long GENERATION_AT = 12;
    private static final long FEATURES_AT = 16;

    private final Path file;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment state;
    private final Map<Long, Integer> slots = new HashMap<>();
    private final Deque<Integer> free = new ArrayDeque<>();
    private int unused;

    private RecoveryState(Path file) throws IOException {
        this.file = file;
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            this.state = channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES, arena);
        }
    }

    /** Begins a new connection's state; what the file held is gone. */
    public static RecoveryState create(Path file, long features) throws IOException {
        Files.deleteIfExists(file);
        RecoveryState created = new RecoveryState(file);
        created.state.set(JAVA_INT, FORMAT_AT, FORMAT);
        created.state.set(JAVA_LONG, FEATURES_AT, features);
        created.state.set(JAVA_LONG, 0, MAGIC);
        return created;
    }

    /**
     * Takes over the state of a connection whose process died.
     *
     * @throws MountException when the file is none of this format
     */
    public static RecoveryState inherit(Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) != BYTES) {
            throw unreadable(file);
        }
        RecoveryState inherited = new RecoveryState(file);
        if (inherited.state.get(JAVA_LONG, 0) != MAGIC || inherited.state.get(JAVA_INT, FORMAT_AT) != FORMAT) {
            inherited.arena.close();
            throw unreadable(file);
        }
        inherited.state.set(JAVA_INT, GENERATION_AT, inherited.generation() + 1);
        for (int slot = 0; slot < SLOTS; slot++) {
            long entryId = inherited.state.get(JAVA_LONG, at(slot));
            if (entryId != 0) {
                inherited.slots.put(entryId, slot);
                inherited.unused = slot + 1;
            }
        }
        for (int slot = 0; slot < inherited.unused; slot++) {
            if (inherited.state.get(JAVA_LONG, at(slot)) == 0) {
                inherited.free.add(slot);
            }
        }
        return inherited;
    }

    private static MountException unreadable(Path file) {
        return new MountException(
                Reason.STATE_UNREADABLE,
                file + " does not hold the state of a mount that this version of Headrace can take over; unmount, and"
                        + " mount again");
    }

    public long features() {
        return state.get(JAVA_LONG, FEATURES_AT);
    }

    /** How many processes served this connection before. */
    public int generation() {
        return state.get(JAVA_INT, GENERATION_AT);
    }

    public Path file() {
        return file;
    }

    @Override
    public synchronized List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        slots.forEach((entryId, slot) ->
                rows.add(new Row(entryId, state.get(JAVA_INT, at(slot) + 8), state.get(JAVA_INT, at(slot) + 12))));
        return rows;
    }

    @Override
    public synchronized boolean record(Row row) {
        Integer known = slots.get(row.entryId());
        if (row.opens() == 0) {
            if (known != null) {
                state.set(JAVA_LONG, at(known), 0);
                slots.remove(row.entryId());
                free.add(known);
            }
            return true;
        }
        if (known != null) {
            state.set(JAVA_INT, at(known) + 12, row.opens());
            return true;
        }
        Integer reused = free.poll();
        if (reused == null && unused == SLOTS) {
            return false;
        }
        int slot = reused == null ? unused++ : reused;
        state.set(JAVA_INT, at(slot) + 8, row.backingId());
        state.set(JAVA_INT, at(slot) + 12, row.opens());
        state.set(JAVA_LONG, at(slot), row.entryId());
        slots.put(row.entryId(), slot);
        return true;
    }

    private static long at(int slot) {
        return HEAD_BYTES + slot * SLOT_BYTES;
    }

    /** Lets go of the file; the state is kept for a successor. */
    @Override
    public synchronized void close() {
        arena.close();
    }

    /** The connection is over: nobody needs the state any more. */
    public void delete() throws IOException {
        close();
        Files.deleteIfExists(file);
    }
}
