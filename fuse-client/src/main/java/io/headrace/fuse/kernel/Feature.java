package io.headrace.fuse.kernel;

/** Bits of INIT's flags; those from 32 on travel in {@code flags2}. */
public enum Feature {
    ASYNC_READ(0),
    DO_READDIRPLUS(13),
    READDIRPLUS_AUTO(14),
    ASYNC_DIO(15),
    PARALLEL_DIROPS(18),
    ABORT_ERROR(21),
    MAX_PAGES(22),
    EXPLICIT_INVAL_DATA(25),
    INIT_EXT(30),
    DIRECT_IO_ALLOW_MMAP(36),
    PASSTHROUGH(37),
    HAS_RESEND(39);

    private final int position;

    Feature(int position) {
        this.position = position;
    }

    public long bit() {
        return 1L << position;
    }
}
