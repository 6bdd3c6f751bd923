package io.headrace.master.access;

import io.grpc.Context;
import io.grpc.Status;
import io.headrace.protocol.MountId;
import io.headrace.protocol.token.Grant;
import io.headrace.protocol.token.TokenException;
import io.headrace.protocol.token.TokenJudge;
import java.util.Optional;

/**
 * Who calls, for the services of the master. Without tokens nobody is known, and everybody may everything.
 *
 * @param judge says whether the grant is still valid
 */
public record Caller(Grant grant, TokenJudge judge) {
    static final Context.Key<Caller> KEY = Context.key("caller");

    /** The caller of the call that this thread answers; empty without tokens. */
    public static Optional<Caller> present() {
        return Optional.ofNullable(KEY.get());
    }

    /** Whether the caller's token covers the mount. */
    public static boolean covers(MountId mount) {
        return present().isEmpty() || present().get().grant.covers(mount);
    }

    /** @throws io.grpc.StatusRuntimeException when the caller's token does not cover the mount */
    public static void require(MountId mount) {
        Optional<String> refusal = present().flatMap(caller -> caller.grant.refusal(mount));
        if (refusal.isPresent()) {
            throw Status.PERMISSION_DENIED.withDescription(refusal.get()).asRuntimeException();
        }
    }

    /**
     * For calls that outlast a token.
     *
     * @throws io.grpc.StatusRuntimeException when the token has expired since
     */
    public void requireCurrent() {
        try {
            judge.requireCurrent(grant);
        } catch (TokenException e) {
            throw Status.UNAUTHENTICATED.withDescription(e.why()).asRuntimeException();
        }
    }
}
