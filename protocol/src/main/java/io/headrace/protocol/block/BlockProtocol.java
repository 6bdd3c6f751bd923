package io.headrace.protocol.block;

/** The numbers of the block protocol; what they bound is in {@code docs/design/block-protocol.md}. */
public final class BlockProtocol {
    /** {@code HEADRACE} in ASCII, read as a little-endian number. */
    static final long MAGIC = 0x4543_4152_4441_4548L;

    /** The only version there is. */
    public static final int VERSION = 1;

    public static final int MOST_TOKEN_BYTES = 4 << 10;
    public static final int MOST_BODY_BYTES = 64 << 10;
    public static final int MOST_MESSAGE_BYTES = 1 << 10;
    public static final int MOST_READ_BYTES = 8 << 20;

    /** Payloads have at most as many bytes as a READ asks for, a power of two from the least to the most. */
    public static final int LEAST_FRAME_BYTES = 4 << 10;

    public static final int MOST_FRAME_BYTES = 1 << 20;

    /** A server that works on an answer says so at least as often; a client that hears nothing for long may give it up. */
    public static final int PROGRESS_MILLIS = 500;

    /** Feature bit: answers may say that a block has more owners for a while. */
    public static final long HOT_BLOCKS = 1;

    /** All that this code can use. */
    public static final long FEATURES = HOT_BLOCKS;

    /** How long a client believes that a block has more owners. */
    public static final int HINT_SECONDS = 10;

    private BlockProtocol() {}
}
