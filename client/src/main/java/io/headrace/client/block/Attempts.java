package io.headrace.client.block;

import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.protocol.block.PeerException;
import io.headrace.protocol.block.Status;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What came of asking for one block, for the end of it: what to throw when nobody answers. For one thread. */
final class Attempts {
    private static final int MOST_NAMED = 8;

    private final Map<String, IOException> failures = new LinkedHashMap<>();
    private @Nullable OriginException said;
    private boolean worthAnotherRound;
    private boolean failedOnce;
    private String nobody = "no worker was to be asked";

    void failed(String name, IOException failure) {
        if (failure instanceof OriginException ofOrigin) {
            said = ofOrigin;
        }
        worthAnotherRound |= !isForGood(failure);
        failedOnce |= !(failure instanceof PeerException refusal && refusal.status() == Status.NOT_HERE);
        if (failures.size() < MOST_NAMED || failures.containsKey(name)) {
            failures.put(name, failure);
        }
    }

    /** A worker that was not asked because it fails. */
    void passedOver(String name) {
        worthAnotherRound = true;
        failures.putIfAbsent(name, UnreachableWorkerException.because("not asked, because it fails"));
    }

    /** The view may know a worker soon. */
    void nobodyKnown(String why) {
        nobody = why;
        worthAnotherRound = true;
    }

    /** What the origin answered to a worker: the other workers are asked only for what they keep. */
    Optional<OriginException> said() {
        return Optional.ofNullable(said);
    }

    /** Whether to ask an origin of one's own, too. */
    boolean mayAskOrigin() {
        return !(said instanceof OriginException.NotFound) && !(said instanceof OriginException.VersionChanged);
    }

    boolean isWorthAnotherRound() {
        return worthAnotherRound && said == null;
    }

    /** Whether asking anybody now is a retry: one was asked before, and did not just say that it keeps nothing. */
    boolean areRetries() {
        return failedOnce;
    }

    void beginRound() {
        worthAnotherRound = false;
    }

    /** @param what the range and its version */
    OriginException exhausted(String what) {
        if (said != null) {
            return said;
        }
        StringBuilder text = new StringBuilder("no worker gave ").append(what).append(": ");
        failures.forEach((name, failure) ->
                text.append(name).append(" (").append(failure.getMessage()).append("); "));
        if (failures.isEmpty()) {
            text.append(nobody).append("; ");
        }
        return failures.isEmpty() || failures.values().stream().anyMatch(failure -> !isForGood(failure))
                ? new OriginException.Unavailable(text + "try again, or look at the workers")
                : new OriginException.Refused(
                        Refusal.FORBIDDEN, text + "the token or the version of this client is not accepted");
    }

    private static boolean isForGood(IOException failure) {
        return failure instanceof PeerException refusal
                && (refusal.status() == Status.UNAUTHORIZED
                        || refusal.status() == Status.VERSION_NOT_SPOKEN
                        || refusal.status() == Status.BAD_REQUEST);
    }
}
