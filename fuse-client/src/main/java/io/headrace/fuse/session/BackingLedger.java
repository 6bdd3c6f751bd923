package io.headrace.fuse.session;

import java.util.List;

/**
 * Remembers, beyond this process's death, which files the kernel reads by itself and by which backing id: the kernel
 * refuses another id for a file that is still open. Written before the kernel is told, so that it may count an open too
 * many, never one too few. Callers serialise calls for one file.
 */
public interface BackingLedger {
    /** Forgets everything at death: then nobody takes over. */
    BackingLedger NONE = new BackingLedger() {
        @Override
        public List<Row> rows() {
            return List.of();
        }

        @Override
        public boolean record(Row row) {
            return true;
        }
    };

    /** @param opens how often it is open; a row with 0 opens is no row */
    record Row(long entryId, int backingId, int opens) {}

    /** What an earlier process left. */
    List<Row> rows();

    /** @return false when there is no room: the file must not be handed to the kernel */
    boolean record(Row row);
}
