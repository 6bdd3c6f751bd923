package io.headrace.worker;

import io.headrace.protocol.OriginException;
import java.time.Duration;
import java.util.Locale;

/** Words for the ways in which one range fails: object, bytes, origin, attempts, and what to do. */
record RangeMessages(Origin origin, RangeRequest request, int attempts, long reachedBytes) {
    OriginException.Unavailable exhausted(OriginException cause) {
        return new OriginException.Unavailable(
                "cannot read " + subject() + ": " + progress() + " within "
                        + text(settings().deadline())
                        + "; the last failure: " + cause.getMessage()
                        + ". Check that the origin answers and is not overloaded; origin.deadline sets how long to try",
                cause);
    }

    OriginException.Unavailable queueTooLong(String awaited, String setting) {
        return new OriginException.Unavailable("cannot read " + subject() + ": it waited too long for " + awaited + ", "
                + origin.slots().running() + " requests run and "
                + origin.slots().waiting()
                + " wait. Read less at once, or raise " + setting);
    }

    /** The same failure, saying also what was read. Its own message says what to do. */
    OriginException permanent(OriginException failure) {
        String message = failure.getMessage() + " (reading " + subject() + ", attempt " + attempts + ")";
        OriginException told = switch (failure) {
            case OriginException.NotFound _ -> new OriginException.NotFound(message);
            case OriginException.VersionChanged _ -> new OriginException.VersionChanged(message);
            case OriginException.Refused refused -> new OriginException.Refused(refused.refusal(), message);
            case OriginException.Unavailable unavailable ->
                new OriginException.Unavailable(message, unavailable.retryAfter());
        };
        told.addSuppressed(failure);
        return told;
    }

    static String text(Duration duration) {
        return duration.toMillis() % 1000 == 0
                ? duration.toSeconds() + " s"
                : String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }

    private OriginSettings settings() {
        return origin.settings();
    }

    private String subject() {
        return "bytes " + request.range() + " of object " + request.version().key() + " at "
                + origin.store().location();
    }

    private String progress() {
        return attempts + (attempts == 1 ? " attempt" : " attempts") + " brought " + reachedBytes + " of "
                + request.range().length() + " bytes";
    }
}
