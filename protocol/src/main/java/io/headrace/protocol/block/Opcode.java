package io.headrace.protocol.block;

/** What a request asks for. */
public enum Opcode {
    /** Binds a number of the connection to a file version. */
    OPEN(1),
    /** Bytes of an open file. */
    READ(2),
    /** Frees a number. */
    CLOSE(3),
    /** Nothing but an answer. */
    PING(4);

    private final int code;

    Opcode(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static Opcode of(int code) throws MalformedFrameException {
        return switch (code) {
            case 1 -> OPEN;
            case 2 -> READ;
            case 3 -> CLOSE;
            case 4 -> PING;
            default -> throw new MalformedFrameException("no opcode is " + code);
        };
    }
}
