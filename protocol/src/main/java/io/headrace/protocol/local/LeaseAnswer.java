package io.headrace.protocol.local;

import io.headrace.protocol.block.Failure;
import java.util.BitSet;

/** What a worker answers to a {@link LeaseRequest}. */
public sealed interface LeaseAnswer {
    /**
     * The file is lent.
     *
     * @param lease its number on this connection, until it is released
     * @param fresh a descriptor comes with this answer; else the lease is one from before
     * @param blocks whose bytes are in the file and were verified; they stay as long as the lease does. Not to be changed
     */
    record Lent(int lease, boolean fresh, BitSet blocks) implements LeaseAnswer {}

    /** The lease is over. */
    record Released(int lease) implements LeaseAnswer {}

    /** Nothing is lent of this version, or no more: leases of it from before are to be released. */
    record Refused(Failure failure) implements LeaseAnswer {}
}
