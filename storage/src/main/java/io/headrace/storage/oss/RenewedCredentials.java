package io.headrace.storage.oss;

import com.aliyun.sdk.service.oss2.credentials.Credentials;
import com.aliyun.sdk.service.oss2.credentials.CredentialsProvider;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A role's credentials, asked for again before they end: by one caller, while the others go on with what there is, and
 * should that fail, again after a pause. Once they have ended, every caller waits for the one that asks and shares its
 * failure.
 */
final class RenewedCredentials implements CredentialsProvider {
    private static final Logger log = LoggerFactory.getLogger(RenewedCredentials.class);

    /** Metadata services have the next credentials at least this long before the present ones end. */
    private static final Duration EARLY = Duration.ofMinutes(5);

    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final RoleSource source;
    private final InstantSource clock;
    /** Held while the source is asked. */
    private final ReentrantLock asking = new ReentrantLock();

    private final AtomicInteger failures = new AtomicInteger();
    private volatile Optional<TemporaryCredentials> latest = Optional.empty();
    private volatile Instant nextAttempt = Instant.MIN;

    @GuardedBy("asking")
    private Optional<RuntimeException> lastFailure = Optional.empty();

    RenewedCredentials(RoleSource source, InstantSource clock) {
        this.source = source;
        this.clock = clock;
    }

    boolean wereEverFound() {
        return latest.isPresent();
    }

    @Override
    public Credentials getCredentials() {
        Instant now = clock.instant();
        Optional<TemporaryCredentials> known = latest.filter(some -> now.isBefore(some.expires()));
        if (known.isEmpty()) {
            return fetch(now);
        }
        boolean due = !now.isBefore(known.get().expires().minus(EARLY)) && !now.isBefore(nextAttempt);
        if (due && asking.tryLock()) {
            renew(now);
        }
        return latest.orElse(known.get()).credentials();
    }

    /** Holds {@link #asking}, and lets go of it. */
    private void renew(Instant now) {
        try {
            ask(now);
        } catch (OssCredentials.Missing | OssCredentials.Unanswered e) {
            log.warn("credentials end soon and could not be renewed, which is tried again: {}", e.getMessage());
        } finally {
            asking.unlock();
        }
    }

    private Credentials fetch(Instant now) {
        int failuresBefore = failures.get();
        try {
            asking.lockInterruptibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OssCredentials.Unanswered("interrupted while credentials were asked for");
        }
        try {
            Optional<TemporaryCredentials> meanwhile = latest.filter(some -> now.isBefore(some.expires()));
            if (meanwhile.isPresent()) {
                return meanwhile.get().credentials();
            }
            if (failures.get() != failuresBefore) {
                throw lastFailure.orElseThrow();
            }
            return ask(now).credentials();
        } finally {
            asking.unlock();
        }
    }

    @GuardedBy("asking")
    private TemporaryCredentials ask(Instant now) {
        nextAttempt = now.plus(PAUSE);
        try {
            TemporaryCredentials fetched = source.fetch();
            latest = Optional.of(fetched);
            return fetched;
        } catch (OssCredentials.Missing | OssCredentials.Unanswered e) {
            if (!Thread.currentThread().isInterrupted()) {
                lastFailure = Optional.of(e);
                failures.incrementAndGet();
            }
            throw e;
        }
    }
}
