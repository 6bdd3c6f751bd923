package io.headrace.client.names;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.ManagedChannel;
import io.headrace.protocol.Entry;
import io.headrace.protocol.names.NamesCodec;
import io.headrace.protocol.v1.CatalogEntry;
import io.headrace.protocol.v1.CatalogGrpc;
import io.headrace.protocol.v1.CatalogGrpc.CatalogFutureStub;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Questions to the master. All are idempotent, so each is asked again when its connection breaks. A call that is on its way
 * when the master falls silent is given up at once, not at its deadline. Thread-safe.
 */
final class Master {
    private static final long ATTEMPT_WHILE_AWAY_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final ManagedChannel channel;
    private final Followed followed;
    private final RandomGenerator random;
    private final Set<Runnable> onTheirWay = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    Master(ManagedChannel channel, Followed followed, RandomGenerator random) {
        this.channel = channel;
        this.followed = followed;
        this.random = random;
    }

    ManagedChannel channel() {
        return channel;
    }

    Attempts attempts(String question, Duration within) {
        return new Attempts(channel.authority(), question, within, random);
    }

    /**
     * @param once whether the asker knows an old answer, which is better than waiting for the master to come back
     * @throws MasterException.Unavailable when the master does not answer
     */
    <T> T ask(Function<CatalogFutureStub, ListenableFuture<T>> call, Attempts attempts, boolean once)
            throws IOException {
        while (true) {
            try {
                return askOnce(call, attempts);
            } catch (ExecutionException e) {
                Throwable failed = e.getCause() == null ? e : e.getCause();
                again(attempts, failed, once);
            } catch (CancellationException e) {
                again(attempts, e, once);
            }
        }
    }

    void again(Attempts attempts, Throwable failed, boolean once) throws IOException {
        if (closed || (once && attempts.answered(failed).isEmpty())) {
            throw attempts.unavailable(failed);
        }
        attempts.failed(failed);
        channel.resetConnectBackoff();
    }

    private <T> T askOnce(Function<CatalogFutureStub, ListenableFuture<T>> call, Attempts attempts)
            throws IOException, ExecutionException {
        ListenableFuture<T> answer = call.apply(
                CatalogGrpc.newFutureStub(channel).withDeadlineAfter(attemptNanos(attempts), TimeUnit.NANOSECONDS));
        Runnable givingUp = () -> answer.cancel(true);
        startsCall(givingUp);
        try {
            return answer.get();
        } catch (InterruptedException e) {
            answer.cancel(true);
            throw attempts.interrupted();
        } finally {
            endsCall(givingUp);
        }
    }

    /** A master that was away may hold the connection without answering; a new attempt may find a new one. */
    long attemptNanos(Attempts attempts) {
        return followed.isReachable() ? attempts.leftNanos() : Math.min(attempts.leftNanos(), ATTEMPT_WHILE_AWAY_NANOS);
    }

    /** @throws MasterException.Failed when the message is no entry */
    Entry read(CatalogEntry message) throws MasterException.Failed {
        try {
            return NamesCodec.fromMessage(message);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    MasterException.Failed unreadable(IOException why) {
        return new MasterException.Failed(
                "the master at " + channel.authority() + " answered what this client cannot use: " + why.getMessage()
                        + ". Look that both run the same version of Headrace",
                why);
    }

    void startsCall(Runnable givingUp) {
        onTheirWay.add(givingUp);
        if (closed) {
            givingUp.run();
        }
    }

    void endsCall(Runnable givingUp) {
        onTheirWay.remove(givingUp);
    }

    void giveUpCalls() {
        onTheirWay.forEach(Runnable::run);
    }

    void close() {
        closed = true;
        giveUpCalls();
    }
}
