package io.headrace.master.jobs;

import io.headrace.protocol.Bytes;
import java.io.IOException;

/** What a walk goes over, in pages, each as large as memory should hold. Not thread-safe. */
interface WalkedPages extends AutoCloseable {
    /**
     * @param plan what becomes of the page
     * @param cursor where pages begin that begin behind this one
     */
    record Page(Plan plan, Bytes cursor, boolean end) {}

    /** Enters what a page brings into a job; in one write with the cursor behind it. */
    @FunctionalInterface
    interface Plan {
        void enter(Ledger ledger) throws IOException;
    }

    /**
     * The next page, and the same again after a failure.
     *
     * @throws io.headrace.protocol.OriginException.Unavailable when the same call may succeed later
     * @throws IOException when it will not
     */
    Page next() throws IOException;

    @Override
    void close();
}
