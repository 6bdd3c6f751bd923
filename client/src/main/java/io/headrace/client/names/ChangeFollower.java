package io.headrace.client.names;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.headrace.protocol.NamespaceChange;
import io.headrace.protocol.names.NamesCodec;
import io.headrace.protocol.v1.CatalogGrpc;
import io.headrace.protocol.v1.ChangeBatch;
import io.headrace.protocol.v1.NameChange;
import io.headrace.protocol.v1.WatchChangesRequest;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the master's changes on a thread of its own, from where it stopped when the connection breaks. A master that is
 * silent for three heartbeats is lost. The connection carries no more than one batch ahead of the listener.
 */
final class ChangeFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeFollower.class);
    private static final long FIRST_BATCH_MILLIS = 5000;
    private static final int SILENT_HEARTBEATS = 3;
    private static final long LONGEST_HEARTBEAT_MILLIS = 60_000;

    private final Master master;
    private final Followed followed;
    private final Consumer<NamespaceChange> listener;
    private final RandomGenerator random;
    private final Thread thread;
    private long history;
    private long sequence;
    private int failures;
    private volatile boolean closed;

    /** @param listener called by the thread that follows, in order */
    ChangeFollower(Master master, Followed followed, RandomGenerator random, Consumer<NamespaceChange> listener) {
        this.master = master;
        this.followed = followed;
        this.listener = listener;
        this.random = random;
        this.thread = Thread.ofPlatform().name("headrace-names").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** A thread's root: a mistake ends the connection, and the next one starts over. */
    private void run() {
        while (!closed) {
            try {
                follow();
            } catch (StatusException | TimeoutException | IOException e) {
                lost(e);
            } catch (InterruptedException closing) {
                return;
            } catch (Throwable mistake) {
                LOG.error("following the master's changes failed; it starts over", mistake);
                history = 0;
            }
            try {
                Thread.sleep(Attempts.BACKOFF.pause(++failures, random));
            } catch (InterruptedException closing) {
                return;
            }
            master.channel().resetConnectBackoff();
        }
    }

    private void follow() throws StatusException, TimeoutException, IOException, InterruptedException {
        BlockingClientCall<?, ChangeBatch> call = CatalogGrpc.newBlockingV2Stub(master.channel())
                .watchChanges(WatchChangesRequest.newBuilder()
                        .setHistory(history)
                        .setSequence(sequence)
                        .build());
        try {
            long patienceMillis = FIRST_BATCH_MILLIS;
            ChangeBatch batch = call.read(patienceMillis, TimeUnit.MILLISECONDS);
            while (batch != null) {
                failures = 0;
                apply(batch);
                long heartbeat = Math.clamp(batch.getHeartbeatMillis(), 1, LONGEST_HEARTBEAT_MILLIS);
                patienceMillis = heartbeat * SILENT_HEARTBEATS;
                batch = call.read(patienceMillis, TimeUnit.MILLISECONDS);
            }
            throw Status.UNAVAILABLE.withDescription("the master ended").asException();
        } finally {
            call.cancel("this connection is given up", null);
        }
    }

    private void apply(ChangeBatch batch) throws IOException {
        if (batch.getStartOver()) {
            followed.missed();
            listener.accept(new NamespaceChange.Missed());
        }
        for (NameChange change : batch.getChangesList()) {
            try {
                listener.accept(NamesCodec.fromMessage(change));
            } catch (IOException e) {
                history = 0;
                throw e;
            }
        }
        history = batch.getHistory();
        sequence = batch.getSequence();
        followed.heard(Instant.ofEpochMilli(batch.getRootModifiedUnixMillis()));
    }

    private void lost(Exception failure) {
        Status.Code code = Status.fromThrowable(failure).getCode();
        if (code == Status.Code.RESOURCE_EXHAUSTED || code == Status.Code.UNIMPLEMENTED) {
            LOG.warn("the master does not tell its changes: {}", failure.toString());
            return;
        }
        if (followed.isReachable() && !closed) {
            LOG.warn(
                    "the master at {} is away; names stay as they were: {}",
                    master.channel().authority(),
                    failure.toString());
        }
        followed.lost();
        master.giveUpCalls();
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
