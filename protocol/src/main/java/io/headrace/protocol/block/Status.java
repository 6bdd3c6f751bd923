package io.headrace.protocol.block;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** How an answer ends. Those of the origin stand for one {@link io.headrace.protocol.OriginException} each. */
public enum Status {
    OK(0),
    /** What came is no frame; the server closes the connection. */
    BAD_FRAME(1),
    /** No version of the protocol is common to both; the server closes the connection. */
    VERSION_NOT_SPOKEN(2),
    /** The token, or its absence, does not permit this. */
    UNAUTHORIZED(3),
    /** A table or queue of the worker is full: ask another, or again later. */
    OVERLOADED(4),
    /** The worker is about to end; it closes the connection. */
    SHUTTING_DOWN(5),
    /** The number is bound to no file. */
    UNKNOWN_FILE(6),
    /** The bytes are not within reach. */
    NOT_HERE(7),
    /** The request's deadline passed before its bytes came. */
    DEADLINE_PASSED(8),
    /** A good frame asks for what cannot be: a range outside of the file, too many files. */
    BAD_REQUEST(9),
    /** The worker's own trouble, such as its disk's. */
    WORKER_FAILED(10),
    ORIGIN_UNAVAILABLE(32),
    ORIGIN_NOT_FOUND(33),
    ORIGIN_VERSION_CHANGED(34),
    ORIGIN_NO_SUCH_LOCATION(48),
    ORIGIN_FORBIDDEN(49),
    ORIGIN_BAD_CREDENTIALS(50),
    ORIGIN_CLOCK_SKEW(51),
    ORIGIN_TLS(52),
    ORIGIN_BAD_REQUEST(53);

    private static final Map<Integer, Status> BY_CODE =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Status::code, Function.identity()));

    private final int code;

    Status(int code) {
        this.code = code;
    }

    /** As frames carry it. */
    public int code() {
        return code;
    }

    /** @throws MalformedFrameException when the code is not listed in the protocol */
    public static Status of(int code) throws MalformedFrameException {
        Status status = BY_CODE.get(code);
        if (status == null) {
            throw new MalformedFrameException("no status is " + code);
        }
        return status;
    }
}
