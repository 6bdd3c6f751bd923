package io.headrace.protocol.token;

import io.headrace.protocol.token.TokenException.Reason;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Says what tokens permit at present, by the keys of a cluster. Thread-safe. */
public final class TokenJudge {
    private final Supplier<List<PublicKey>> keys;
    private final Supplier<Set<String>> calledBack;
    private final Duration leeway;
    private final Clock clock;

    /**
     * @param keys of which one has signed each token
     * @param calledBack ids of tokens that are not good any more
     * @param leeway by how much the clocks of two machines may differ
     */
    public TokenJudge(Supplier<List<PublicKey>> keys, Supplier<Set<String>> calledBack, Duration leeway, Clock clock) {
        this.keys = keys;
        this.calledBack = calledBack;
        this.leeway = leeway;
        this.clock = clock;
    }

    /**
     * What the token permits now.
     *
     * @param token empty for none
     */
    public Grant judge(String token) throws TokenException {
        if (token.isEmpty()) {
            throw new TokenException(
                    Reason.MISSING,
                    "a token is needed here and none was shown; get one from who runs the cluster, and name its file by"
                            + " token.file or put it into HEADRACE_TOKEN");
        }
        Grant grant = TokenCodec.verify(token, keys.get());
        requireCurrent(grant);
        return grant;
    }

    /** That a token which was judged before is still valid. */
    public void requireCurrent(Grant grant) throws TokenException {
        if (calledBack.get().contains(grant.id())) {
            throw new TokenException(
                    Reason.CALLED_BACK, grant.name() + " was called back by who runs the cluster; get a new one");
        }
        Instant now = clock.instant();
        if (now.isAfter(grant.validity().expires().plus(leeway))) {
            throw new TokenException(
                    Reason.EXPIRED,
                    grant.name() + " expired at " + grant.validity().expires()
                            + "; put a new one into the file of the old");
        }
        if (now.isBefore(grant.validity().notBefore().minus(leeway))) {
            throw new TokenException(
                    Reason.NOT_YET_VALID,
                    grant.name() + " is not valid before " + grant.validity().notBefore()
                            + "; compare the clocks of both machines");
        }
    }
}
