package io.headrace.client.local;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.headrace.client.local.LeaseConnection.Outcome;
import io.headrace.protocol.Blocks;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.block.BlockProtocol;
import io.headrace.protocol.block.Failure;
import io.headrace.protocol.block.Status;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.local.LeaseAnswer;
import io.headrace.protocol.local.LeaseAnswer.Lent;
import io.headrace.protocol.local.LeaseAnswer.Refused;
import io.headrace.protocol.local.LeaseAnswer.Released;
import io.headrace.protocol.local.LeaseRequest.OpenLocal;
import io.headrace.protocol.local.LocalSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One worker of this machine as a client borrows from it. A file that is known and whose lease was confirmed lately is used
 * without a question; others wait for the one connection, on which one asks at a time. When that fails all files are given
 * back, and the worker rests for a while, for longer with each failure in a row. Thread-safe.
 */
final class LocalWorker {
    private static final Logger LOG = LoggerFactory.getLogger(LocalWorker.class);
    private static final Duration PATIENCE = Duration.ofMillis(1500);
    private static final long FIRST_REST_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long MOST_REST_NANOS = TimeUnit.SECONDS.toNanos(16);
    private static final long LOG_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final WorkerId id;
    private final Path path;
    private final Supplier<Bytes> token;
    private final LocalTally tally;
    private final BorrowedFiles files;
    private final Absences absences;
    private final LongSupplier nanoTicker;
    private final ReentrantLock asking = new ReentrantLock();

    @GuardedBy("asking")
    private @Nullable LeaseConnection connection;

    @GuardedBy("asking")
    private boolean closed;

    @GuardedBy("asking")
    private long logAt;

    @GuardedBy("asking")
    private long rest = FIRST_REST_NANOS;

    private volatile long restUntil;

    /** What the workers of a machine have in common. */
    record Shared(LocalSettings settings, Supplier<Bytes> token, LocalTally tally, LongSupplier nanoTicker) {}

    LocalWorker(WorkerId id, Path path, Shared shared) {
        this.id = id;
        this.path = path;
        this.token = shared.token();
        this.tally = shared.tally();
        this.nanoTicker = shared.nanoTicker();
        this.files = new BorrowedFiles(shared.settings().mostOpenFiles(), nanoTicker);
        this.absences = new Absences(nanoTicker);
        this.logAt = nanoTicker.getAsLong();
        this.restUntil = logAt;
    }

    WorkerId id() {
        return id;
    }

    LocalTally tally() {
        return tally;
    }

    /** The beginning of a range, as far as the worker has it; its first block or nothing. */
    Optional<LocalPart> find(FileVersion version, ByteRange range, boolean owner) {
        int block = Blocks.indexAt(range.offset());
        Optional<LocalPart> known = known(version, range);
        boolean mayAsk = nanoTicker.getAsLong() - restUntil >= 0 && !absences.rests(version, block, owner);
        return known.isPresent() || !mayAsk ? known : ask(new OpenLocal(version, block), range, owner);
    }

    /** A read of the file failed. */
    void spoilt(BorrowedFile file) {
        tally.failed();
        absences.without(file.version());
        files.drop(file);
    }

    private Optional<LocalPart> known(FileVersion version, ByteRange range) {
        return files.confirmed(version, Blocks.indexAt(range.offset())).map(file -> part(file, range));
    }

    /** Takes over a use of the file. */
    private LocalPart part(BorrowedFile file, ByteRange range) {
        long end = Math.min(file.endOf(range), range.offset() + BlockProtocol.MOST_READ_BYTES);
        return new LocalPart(this, file, ByteRange.between(range.offset(), end));
    }

    private Optional<LocalPart> ask(OpenLocal question, ByteRange range, boolean owner) {
        try {
            if (!asking.tryLock(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                return Optional.empty();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
        try {
            // Somebody may have asked for it, or failed, meanwhile.
            Optional<LocalPart> known = known(question.version(), range);
            if (known.isPresent() || closed || nanoTicker.getAsLong() - restUntil < 0) {
                return known;
            }
            return answered(question, range, owner);
        } catch (IOException failure) {
            lost(failure);
            return Optional.empty();
        } finally {
            asking.unlock();
        }
    }

    @GuardedBy("asking")
    private Optional<LocalPart> answered(OpenLocal question, ByteRange range, boolean owner) throws IOException {
        LeaseConnection used = connected();
        tally.asked();
        Outcome outcome = used.ask(question);
        rest = FIRST_REST_NANOS;
        switch (outcome) {
            case Outcome.Opened(BorrowedFile file) -> {
                tally.opening();
                files.put(file);
            }
            case Outcome.Told(LeaseAnswer answer) -> told(question.version(), answer);
        }
        Optional<LocalPart> part = known(question.version(), range);
        if (part.isEmpty()) {
            tally.notHere();
            if (!owner) {
                absences.without(question.version(), question.block());
            }
        }
        return part;
    }

    private void told(FileVersion version, LeaseAnswer answer) throws IOException {
        switch (answer) {
            case Lent lent -> files.confirm(version, lent);
            case Refused(Failure why) -> {
                files.drop(version);
                if (why.status() != Status.NOT_HERE) {
                    LOG.debug("worker {} lends nothing of {}: {}", id, version, why.message());
                    absences.without(version);
                }
            }
            case Released released -> throw new IOException("worker " + id + " said unasked that " + released);
        }
    }

    @GuardedBy("asking")
    private LeaseConnection connected() throws IOException {
        LeaseConnection known = connection;
        Bytes now = token.get();
        if (known != null && known.showed(now)) {
            return known;
        }
        disconnect();
        LeaseConnection fresh = LeaseConnection.open(path, now, PATIENCE);
        connection = fresh;
        return fresh;
    }

    @GuardedBy("asking")
    private void disconnect() {
        files.dropAll();
        if (connection != null) {
            connection.end();
            connection = null;
        }
    }

    @GuardedBy("asking")
    private void lost(IOException failure) {
        long now = nanoTicker.getAsLong();
        tally.failed();
        disconnect();
        restUntil = now + rest;
        rest = Math.min(MOST_REST_NANOS, 2 * rest);
        if (now - logAt >= 0) {
            logAt = now + LOG_NANOS;
            LOG.info("what worker {} of this machine keeps is read over the network: {}", id, failure.getMessage());
        }
    }

    /** Gives back what nobody reads any more. */
    void sweep() {
        files.dropIdle();
        if (asking.tryLock()) {
            try {
                if (connection != null) {
                    connection.releaseEnded();
                }
            } catch (IOException failure) {
                lost(failure);
            } finally {
                asking.unlock();
            }
        }
    }

    void close() {
        asking.lock();
        try {
            closed = true;
            disconnect();
        } finally {
            asking.unlock();
        }
    }
}
