package io.headrace.client.block;

import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.protocol.block.PeerException;
import io.headrace.protocol.block.Reach;
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
    private boolean declined;
    private String nobody = "no worker was to be asked";

    void failed(ByteStream stream, IOException failure) {
        String name = stream.name();
        declined |= isDeclined(failure)
                && stream.stop().filter(stop -> stop.reach() == Reach.ORIGIN).isPresent();
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

    /**
     * Whether to ask an origin of one's own, too. Not behind a worker that would fetch and has no room for this reader, who
     * waits for it then, or does not let it in: the bytes would leave the origin once for each such reader.
     */
    boolean mayAskOrigin() {
        return !declined
                && !(said instanceof OriginException.NotFound)
                && !(said instanceof OriginException.VersionChanged);
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
        declined = false;
    }

    /**
     * @param what the range and its version
     * @param advice what to do when nobody could be asked
     */
    OriginException exhausted(String what, String advice) {
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
                ? new OriginException.Unavailable(text + advice)
                : new OriginException.Refused(
                        Refusal.FORBIDDEN, text + "the token or the version of this client is not accepted");
    }

    private static boolean isDeclined(IOException failure) {
        return isForGood(failure)
                || (failure instanceof PeerException refusal && refusal.status() == Status.OVERLOADED);
    }

    private static boolean isForGood(IOException failure) {
        return failure instanceof PeerException refusal
                && (refusal.status() == Status.UNAUTHORIZED
                        || refusal.status() == Status.VERSION_NOT_SPOKEN
                        || refusal.status() == Status.BAD_REQUEST);
    }
}
