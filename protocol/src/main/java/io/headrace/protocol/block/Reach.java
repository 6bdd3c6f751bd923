package io.headrace.protocol.block;

/**
 * How far a worker may go for bytes that it does not keep. It never goes further; one that cannot go as far, or finds
 * nothing there, answers {@link Status#NOT_HERE}.
 */
public enum Reach {
    /** What it keeps itself. */
    CACHED(0),
    /** What other workers keep, too. */
    PEERS(1),
    /** The origin, too. */
    ORIGIN(2);

    private final int code;

    Reach(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static Reach of(int code) throws MalformedFrameException {
        return switch (code) {
            case 0 -> CACHED;
            case 1 -> PEERS;
            case 2 -> ORIGIN;
            default -> throw new MalformedFrameException("no reach is " + code);
        };
    }
}
