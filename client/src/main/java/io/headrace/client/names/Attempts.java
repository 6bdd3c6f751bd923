package io.headrace.client.names;

import io.grpc.Status;
import io.headrace.client.cluster.MasterTrouble;
import io.headrace.protocol.Backoff;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.names.FailureCodec;
import io.headrace.protocol.v1.Failure;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/** One question to the master, asked again until it is answered or its time is over. One thread. */
final class Attempts {
    /** Also for those who follow the master. */
    static final Backoff BACKOFF = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(1));

    private final String master;
    private final String question;
    private final Duration within;
    private final long untilNanos;
    private final RandomGenerator random;
    private int failures;

    /** @param question what is asked, in words, to go on with "the master did not answer" */
    Attempts(String master, String question, Duration within, RandomGenerator random) {
        this.master = master;
        this.question = question;
        this.within = within;
        this.untilNanos = System.nanoTime() + within.toNanos();
        this.random = random;
    }

    long leftNanos() {
        return Math.max(0, untilNanos - System.nanoTime());
    }

    /**
     * Returns after a pause when the question may be asked again.
     *
     * @param failed a call's failure, or its cancellation
     * @throws IOException when it may not: it was answered that it fails, or there is no time left
     */
    void failed(Throwable failed) throws IOException {
        Optional<IOException> answer = answered(failed);
        if (answer.isPresent()) {
            throw answer.get();
        }
        Duration pause = BACKOFF.pause(++failures, random);
        if (pause.toNanos() >= leftNanos()) {
            throw unavailable(failed);
        }
        try {
            TimeUnit.NANOSECONDS.sleep(pause.toNanos());
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    MasterException.Unavailable unavailable(Throwable failed) {
        String why = isGivenUp(failed) ? "it was silent" : MasterTrouble.why(failed);
        return new MasterException.Unavailable(
                "the master at " + master + " did not answer within " + within.toMillis() + " ms " + question + " ("
                        + why + "); ask again, and look whether it runs and can be reached from here",
                failed);
    }

    InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while the master at " + master + " was asked " + question);
    }

    /** The failure that the master answered; empty when it may answer otherwise later. */
    Optional<IOException> answered(Throwable failed) {
        Optional<Failure> said = FailureCodec.of(failed);
        Optional<OriginException> trouble = said.flatMap(FailureCodec::originTrouble);
        if (trouble.isPresent()) {
            return Optional.of(trouble.get());
        }
        if (said.isPresent() && said.get().getKind() == Failure.Kind.KIND_NO_SUCH_DIRECTORY) {
            return Optional.of(new NoSuchFileException(said.get().getMessage()));
        }
        Optional<OriginException> refusal = MasterTrouble.refusal(master, failed);
        if (refusal.isPresent()) {
            return Optional.of(refusal.get());
        }
        boolean busy = said.isPresent() && said.get().getKind() == Failure.Kind.KIND_BUSY;
        Status status = Status.fromThrowable(failed);
        return switch (status.getCode()) {
            case UNAVAILABLE, CANCELLED, ABORTED, DEADLINE_EXCEEDED -> Optional.empty();
            case UNKNOWN -> isGivenUp(failed) ? Optional.empty() : Optional.of(refused(status, failed));
            case RESOURCE_EXHAUSTED -> busy ? Optional.empty() : Optional.of(refused(status, failed));
            default -> Optional.of(refused(status, failed));
        };
    }

    private static boolean isGivenUp(Throwable failed) {
        return failed instanceof CancellationException || failed instanceof TimeoutException;
    }

    private MasterException.Failed refused(Status status, Throwable failed) {
        return new MasterException.Failed(
                "the master at " + master + " failed when it was asked " + question + ": " + status.getCode()
                        + describe(status) + ". See the master's log, and that both run the same version of Headrace",
                failed);
    }

    private static String describe(Status status) {
        return status.getDescription() == null ? "" : ", " + status.getDescription();
    }
}
