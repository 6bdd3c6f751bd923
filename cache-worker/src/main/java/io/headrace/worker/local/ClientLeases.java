package io.headrace.worker.local;

import io.headrace.protocol.FileVersion;
import io.headrace.protocol.block.Failure;
import io.headrace.protocol.block.Status;
import io.headrace.protocol.local.LeaseAnswer;
import io.headrace.protocol.local.LeaseAnswer.Lent;
import io.headrace.protocol.local.LeaseAnswer.Refused;
import io.headrace.protocol.local.LeaseRequest;
import io.headrace.protocol.local.LeaseRequest.OpenLocal;
import io.headrace.store.CachedFile;
import io.headrace.store.LeasedFile;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * What one client has on lease: of a version one file that is lent now, and perhaps others that were evicted since and that it
 * has yet to release. For the client's thread.
 */
final class ClientLeases {
    private final LocalParts parts;
    private final LeaseTable table;
    private final Map<Integer, Lease> leases = new HashMap<>();
    private final Map<FileVersion, Lease> current = new HashMap<>();
    private int nextNumber = 1;

    /** @param descriptor goes with the answer, and stays the lease's */
    record Answer(LeaseAnswer answer, OptionalInt descriptor) {
        static Answer of(LeaseAnswer answer) {
            return new Answer(answer, OptionalInt.empty());
        }

        static Answer refused(Status status, String message) {
            return of(new Refused(Failure.of(status, message)));
        }
    }

    ClientLeases(LocalParts parts, LeaseTable table) {
        this.parts = parts;
        this.table = table;
    }

    Answer lend(OpenLocal asked) throws IOException {
        FileVersion version = asked.version();
        Lease known = current.get(version);
        if (known != null && !known.isCurrent()) {
            current.remove(version);
            known = null;
        }
        if (known != null) {
            return again(known, asked);
        }
        if (version.lengthBytes() <= LeaseRequest.MOST_PACKED_BYTES) {
            return Answer.refused(Status.NOT_HERE, "files of up to 1 MiB are packed and not lent");
        }
        return anew(asked, Answer.refused(Status.NOT_HERE, "the block is not kept here"));
    }

    /** Says what the file has by now, or lends another copy where that has the block. */
    private Answer again(Lease known, OpenLocal asked) throws IOException {
        if (!known.recount()) {
            current.remove(asked.version());
            return Answer.refused(Status.OVERLOADED, "the worker lends as much as it may (local.most-lent-percent)");
        }
        boolean has = known.has(asked.block());
        Answer unchanged = Answer.of(new Lent(known.number(), false, known.blocks()));
        return has ? unchanged : anew(asked, unchanged);
    }

    private Answer anew(OpenLocal asked, Answer otherwise) throws IOException {
        CachedFile opened = parts.store().open(asked.version(), parts.source());
        Optional<LeasedFile> lent = Optional.empty();
        boolean begun = false;
        try {
            lent = opened.lease(asked.block());
            if (lent.isEmpty()) {
                return otherwise;
            }
            LeasedFile file = lent.get();
            long kept = file.keptBytes();
            Optional<String> full = table.begin(file.tier(), kept);
            if (full.isPresent()) {
                return Answer.refused(Status.OVERLOADED, full.get());
            }
            Lease lease = new Lease(nextNumber++, opened, file, table, kept);
            leases.put(lease.number(), lease);
            current.put(asked.version(), lease);
            begun = true;
            return new Answer(new Lent(lease.number(), true, lease.blocks()), OptionalInt.of(lease.descriptor()));
        } finally {
            if (!begun) {
                lent.ifPresent(LeasedFile::close);
                opened.close();
            }
        }
    }

    Answer release(int number) {
        Lease lease = leases.remove(number);
        if (lease == null) {
            return Answer.refused(Status.BAD_REQUEST, "no lease has the number " + number);
        }
        current.values().remove(lease);
        lease.release();
        return Answer.of(new LeaseAnswer.Released(number));
    }

    /** The client is gone, and what it held with it. */
    void releaseAll() {
        end(Lease::release);
    }

    /** The worker ends it; the client may read on. */
    void abandonAll() {
        end(Lease::abandon);
    }

    private void end(Consumer<Lease> how) {
        leases.values().forEach(how);
        leases.clear();
        current.clear();
    }
}
