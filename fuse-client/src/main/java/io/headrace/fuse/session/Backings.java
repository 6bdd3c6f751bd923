package io.headrace.fuse.session;

import io.headrace.fuse.FileOpener;
import io.headrace.fuse.kernel.Errno;
import io.headrace.fuse.kernel.FuseDevice;
import io.headrace.protocol.Entry.FileEntry;
import io.headrace.store.BackingFile;
import io.headrace.store.CachedFile;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that the kernel reads by itself, by entry id. Each has one backing id for as long as it is open, and a while
 * longer: a lookup prepares what the open that follows it needs. The loan of the cache's file is kept as long, so that
 * nobody evicts by punching holes what the kernel reads. Thread-safe; one file's changes are serialised by the map.
 */
final class Backings implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Backings.class);
    private static final long LINGER_NANOS = Duration.ofSeconds(2).toNanos();

    private final FuseDevice device;
    private final FileOpener opener;
    private final BackingLedger ledger;
    private final int limit;
    private final LongSupplier ticker;
    private final ConcurrentHashMap<Long, Backing> backings = new ConcurrentHashMap<>();
    private final SentBack sentBack;
    private volatile Optional<String> unavailable;

    /** @param unavailable why the kernel cannot read by itself here; empty when it can */
    Backings(
            FuseDevice device,
            FileOpener opener,
            BackingLedger ledger,
            int limit,
            LongSupplier ticker,
            Optional<String> unavailable) {
        this.device = device;
        this.opener = opener;
        this.ledger = ledger;
        this.limit = limit;
        this.ticker = ticker;
        this.unavailable = unavailable;
        this.sentBack = new SentBack(ticker, LINGER_NANOS);
        ledger.rows()
                .forEach(row ->
                        backings.put(row.entryId(), new Backing(row.backingId(), Optional.empty(), row.opens(), 0)));
    }

    private record Backing(int id, Optional<Loan> loan, int opens, long idleSinceNanos) {
        Backing withOpens(int count, long nowNanos) {
            return new Backing(id, loan, count, nowNanos);
        }

        Backing withLoan(Loan regained) {
            return new Backing(id, Optional.of(regained), opens, idleSinceNanos);
        }
    }

    private record Loan(CachedFile cached, BackingFile file) {
        void giveBack() {
            file.close();
            cached.close();
        }
    }

    boolean isAvailable() {
        return unavailable.isEmpty();
    }

    Optional<String> unavailable() {
        return unavailable;
    }

    /** Whether the kernel has this file open by itself, or is about to. */
    boolean isActive(long entryId) {
        return backings.containsKey(entryId);
    }

    /** Gets ready to hand the file over, if it is complete and can be; a lookup that tells the kernel so follows. */
    boolean prepareForLookup(FileEntry entry) {
        return transition(entry, backing -> backing.withOpens(backing.opens(), ticker.getAsLong()));
    }

    /** Whether the file is complete and can be handed over. */
    boolean isReady(FileEntry entry) {
        return transition(entry, backing -> backing);
    }

    /**
     * Whether an open of the file's served node shall be refused, for the kernel to look the name up again and find the
     * other node. Not when an open of the file was refused a moment ago: the kernel looks up again once only.
     */
    boolean redirect(FileEntry entry) {
        return transition(entry, backing -> backing.withOpens(backing.opens(), ticker.getAsLong()))
                && sentBack.begin(entry.id());
    }

    /** An open of the file's passed-through node is refused: it is not complete any more, or cannot be handed over. */
    void refusedPassedThrough(FileEntry entry) {
        sentBack.note(entry.id());
    }

    /** For a successor: what the kernel opens now, the process before may have refused a moment ago. */
    void refrainFromRedirects() {
        sentBack.refrain();
    }

    /** Counts an open. @return the backing id; empty when the file is not complete any more, or cannot be handed over */
    Optional<Integer> open(FileEntry entry) {
        int[] id = new int[1];
        boolean opened = transition(entry, backing -> {
            if (!ledger.record(new BackingLedger.Row(entry.id(), backing.id(), backing.opens() + 1))) {
                return backing;
            }
            id[0] = backing.id();
            return backing.withOpens(backing.opens() + 1, ticker.getAsLong());
        });
        return opened && id[0] > 0 ? Optional.of(id[0]) : Optional.empty();
    }

    void closed(long entryId) {
        backings.computeIfPresent(entryId, (id, backing) -> {
            int opens = Math.max(0, backing.opens() - 1);
            boolean recorded = ledger.record(new BackingLedger.Row(id, backing.id(), opens));
            LOG.trace("closed {}: recorded {}", entryId, recorded);
            return backing.withOpens(opens, ticker.getAsLong());
        });
    }

    /** Takes the loans again of files that were open when an earlier process died. */
    void regainLoans(Tree tree) {
        for (BackingLedger.Row row : ledger.rows()) {
            try {
                FileEntry entry = tree.file(NodeId.passedThrough(row.entryId()));
                backings.computeIfPresent(
                        row.entryId(),
                        (id, backing) -> borrow(entry).map(backing::withLoan).orElse(backing));
            } catch (IOException gone) {
                LOG.info(
                        "file {} is open by the kernel and gone from the namespace: {}",
                        row.entryId(),
                        gone.getMessage());
            }
        }
    }

    void sweep() {
        sentBack.sweep();
        long before = ticker.getAsLong() - LINGER_NANOS;
        for (Long entryId : backings.keySet()) {
            backings.computeIfPresent(entryId, (id, backing) -> {
                if (backing.opens() > 0 || backing.idleSinceNanos() - before >= 0) {
                    return backing;
                }
                end(backing);
                return null;
            });
        }
    }

    int size() {
        return backings.size();
    }

    private interface Change {
        Backing apply(Backing backing);
    }

    private boolean transition(FileEntry entry, Change change) {
        if (unavailable.isPresent() && !backings.containsKey(entry.id())) {
            return false;
        }
        return backings.compute(entry.id(), (id, known) -> {
                    Optional<Backing> backing = known == null ? handOver(entry) : Optional.of(known);
                    return backing.map(change::apply).orElse(null);
                })
                != null;
    }

    private Optional<Backing> handOver(FileEntry entry) {
        if (backings.size() >= limit) {
            return Optional.empty();
        }
        Optional<Loan> loan = borrow(entry);
        if (loan.isEmpty()) {
            return Optional.empty();
        }
        int id = device.openBacking(loan.get().file().descriptor());
        if (id <= 0) {
            loan.get().giveBack();
            refused(-id);
            return Optional.empty();
        }
        return Optional.of(new Backing(id, loan, 0, ticker.getAsLong()));
    }

    private Optional<Loan> borrow(FileEntry entry) {
        try {
            CachedFile cached = opener.open(entry);
            Optional<BackingFile> file = cached.isComplete() ? cached.handOut() : Optional.empty();
            if (file.isEmpty()) {
                cached.close();
            }
            return file.map(lent -> new Loan(cached, lent));
        } catch (IOException failure) {
            LOG.warn("{} is served, not passed through: {}", entry.version(), failure.toString());
            return Optional.empty();
        }
    }

    private void refused(int errno) {
        if (unavailable.isEmpty()) {
            String reason = errno == Errno.ELOOP
                    ? "the cache directory lies on a stacked file system (overlayfs) or on hugetlbfs; put it on a real one"
                    : "the kernel refused a cache file: " + Errno.describe(errno);
            unavailable = Optional.of(reason);
            LOG.warn("reads are served, not passed through: {}", reason);
        }
    }

    private void end(Backing backing) {
        device.closeBacking(backing.id());
        backing.loan().ifPresent(Loan::giveBack);
    }

    @Override
    public void close() {
        backings.keySet().forEach(entryId -> {
            Backing removed = backings.remove(entryId);
            if (removed != null) {
                removed.loan().ifPresent(Loan::giveBack);
            }
        });
    }
}
