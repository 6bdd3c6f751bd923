package io.headrace.master.catalog;

import io.headrace.master.catalog.Row.FileRow;
import io.headrace.protocol.Bytes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Rows of files that an edit adds, as the tables store them: one behind the other in one array, since a listing brings
 * thousands at a time. Rows are numbered as they come. Not thread-safe.
 */
final class NewFiles {
    private static final int FIRST_ROWS = 4096;
    private static final long REMOVED = -1;

    private final RowBytes bytes = new RowBytes(0);
    private long[] ids = new long[0];
    /**
     * Where a row's place starts. It ends one byte before the row starts, so that both together are what {@code ids} holds
     * ({@link IdRow}), and the row ends where the next place starts.
     */
    private int[] places = new int[1];

    private int[] rows = new int[0];
    /** A hash table by place, at least half empty: a row's number plus one, or 0. */
    private int[] slots = new int[1];

    private int count;
    private int removed;
    private boolean placesAscend = true;
    private boolean idsAscend = true;

    /** How many there are; those that were removed again are not. */
    int size() {
        return count - removed;
    }

    /**
     * Adds the row of a name.
     *
     * @param nameFrom where in the key the name starts; it ends at the key's end
     * @return whether it was added: not when there is one at this place
     */
    boolean add(long directoryId, Bytes key, int nameFrom, FileRow row) {
        int place = bytes.length();
        bytes.putLong(directoryId);
        int name = bytes.grow(key.length() - nameFrom);
        key.copyTo(bytes.array(), name, nameFrom);
        return addAt(place, row);
    }

    boolean add(byte[] place, FileRow row) {
        int at = bytes.length();
        bytes.put(place);
        return addAt(at, row);
    }

    private boolean addAt(int place, FileRow row) {
        int end = bytes.length();
        if (count == ids.length) {
            growTables(Math.max(FIRST_ROWS, 4 * count));
        }
        int slot = slotOf(bytes.array(), place, end);
        if (slots[slot] != 0 && ids[slots[slot] - 1] != REMOVED) {
            bytes.cut(place);
            return false;
        }
        if (count > 0) {
            placesAscend &= comparePlace(count - 1, place, end) < 0;
            idsAscend &= ids[count - 1] < row.id();
        }
        bytes.put(IdRow.END_OF_PLACE);
        ids[count] = row.id();
        places[count] = place;
        rows[count] = bytes.length();
        slots[slot] = ++count;
        RowCodec.encode(row, bytes);
        places[count] = bytes.length();
        return true;
    }

    private void growTables(int size) {
        ids = Arrays.copyOf(ids, size);
        places = Arrays.copyOf(places, size + 1);
        rows = Arrays.copyOf(rows, size);
        slots = new int[2 * size];
        for (int number = 0; number < count; number++) {
            slots[slotOf(bytes.array(), places[number], placeEnd(number))] = number + 1;
        }
    }

    /** The number of the row at this place. */
    OptionalInt find(byte[] place) {
        int number = slots[slotOf(place, 0, place.length)] - 1;
        return number < 0 || ids[number] == REMOVED ? OptionalInt.empty() : OptionalInt.of(number);
    }

    void remove(int number) {
        ids[number] = REMOVED;
        removed++;
    }

    long id(int number) {
        return ids[number];
    }

    byte[] place(int number) {
        return bytes.copy(places[number], placeEnd(number));
    }

    private int placeEnd(int number) {
        return rows[number] - 1;
    }

    byte[] row(int number) {
        return bytes.copy(rows[number], places[number + 1]);
    }

    /** As {@link IdRow} has it. */
    byte[] placeAndRow(int number) {
        return bytes.copy(places[number], places[number + 1]);
    }

    /** All rows, outside of the heap; {@link #placeIn}, {@link #rowIn} and {@link #placeAndRowIn} say what is where. */
    MemorySegment copyInto(Arena arena) {
        MemorySegment copy = arena.allocate(bytes.length());
        MemorySegment.copy(bytes.array(), 0, copy, ValueLayout.JAVA_BYTE, 0, bytes.length());
        return copy;
    }

    /** Sets the buffer's window to a row's place. */
    void placeIn(ByteBuffer copy, int number) {
        copy.limit(placeEnd(number)).position(places[number]);
    }

    /** Sets the buffer's window to what {@link IdRow} has: the place and the row. */
    void placeAndRowIn(ByteBuffer copy, int number) {
        copy.limit(places[number + 1]).position(places[number]);
    }

    /** Sets the buffer's window to a row itself. */
    void rowIn(ByteBuffer copy, int number) {
        copy.limit(places[number + 1]).position(rows[number]);
    }

    /** The numbers of all rows, in the order of their places. */
    int[] byPlace() {
        Comparator<Integer> order = (a, b) -> comparePlace(a, places[b], placeEnd(b));
        return placesAscend && removed == 0 ? numbers() : sorted(order);
    }

    /** The numbers of all rows, in the order of their ids. */
    int[] byId() {
        return idsAscend && removed == 0 ? numbers() : sorted(Comparator.comparingLong(number -> ids[number]));
    }

    private int[] numbers() {
        return IntStream.range(0, count).toArray();
    }

    /** By a sort that makes use of what is in order already: a listing is, within each directory. */
    private int[] sorted(Comparator<Integer> order) {
        return IntStream.range(0, count)
                .filter(number -> ids[number] != REMOVED)
                .boxed()
                .sorted(order)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private int comparePlace(int number, int from, int to) {
        byte[] array = bytes.array();
        return Arrays.compareUnsigned(array, places[number], placeEnd(number), array, from, to);
    }

    private int slotOf(byte[] array, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + array[i];
        }
        int mask = slots.length - 1;
        int slot = (hash ^ (hash >>> 15)) & mask;
        while (slots[slot] != 0 && !isAt(slots[slot] - 1, array, from, to)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private boolean isAt(int number, byte[] array, int from, int to) {
        return Arrays.equals(bytes.array(), places[number], placeEnd(number), array, from, to);
    }
}
