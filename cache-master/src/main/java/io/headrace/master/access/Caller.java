package io.headrace.master.access;

import io.grpc.Context;
import io.grpc.Status;
import io.headrace.protocol.MountId;
import io.headrace.protocol.token.Grant;
import java.util.Optional;

/** Who calls, for the services of the master. Without tokens everybody may everything. */
public final class Caller {
    static final Context.Key<Grant> GRANT = Context.key("grant");

    private Caller() {}

    /** Whether the caller's token covers the mount. */
    public static boolean covers(MountId mount) {
        Grant grant = GRANT.get();
        return grant == null || grant.covers(mount);
    }

    /** @throws io.grpc.StatusRuntimeException when the caller's token does not cover the mount */
    public static void require(MountId mount) {
        Optional<String> refusal = Optional.ofNullable(GRANT.get()).flatMap(grant -> grant.refusal(mount));
        if (refusal.isPresent()) {
            throw Status.PERMISSION_DENIED.withDescription(refusal.get()).asRuntimeException();
        }
    }
}
