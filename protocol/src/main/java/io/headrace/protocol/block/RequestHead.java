package io.headrace.protocol.block;

/**
 * The first 48 bytes of a request, checked for damage but not for sense.
 *
 * @param bodyBytes how many bytes follow it; at most {@value BlockProtocol#MOST_BODY_BYTES}
 */
public record RequestHead(Opcode opcode, int bodyBytes, long id) {
    public static final int BYTES = 48;
}
