package io.headrace.fuse.kernel;

/**
 * What kernel and server agreed on in INIT ({@code struct fuse_init_out}).
 *
 * @param maxReadBytes the largest READ that the kernel sends
 * @param maxBackground how many requests that nobody waits for directly (read-ahead) may be under way
 * @param stackDepth on how many stacked file systems backing files may lie; 0 without passthrough
 */
public record Handshake(
        int minor, long features, int maxReadAheadBytes, int maxReadBytes, int maxBackground, int stackDepth) {
    private static final int PAGE_BYTES = 4096;
    private static final int MAX_PAGES = 256;
    private static final int OLDEST_MINOR = 31;
    private static final int NEWEST_MINOR = 45;

    /**
     * Accepts an offer.
     *
     * @throws MalformedRequestException when the kernel speaks a protocol older than 7.31 (Linux 5.4)
     */
    public static Handshake accept(KernelOffer offer, boolean passthrough, int maxBackground)
            throws MalformedRequestException {
        if (offer.major() != 7 || offer.minor() < OLDEST_MINOR) {
            throw new MalformedRequestException("this kernel speaks FUSE " + offer.major() + "." + offer.minor()
                    + "; Headrace needs 7." + OLDEST_MINOR + " (Linux 5.4) or newer");
        }
        long features = offer.accept(
                Feature.ASYNC_READ,
                Feature.DO_READDIRPLUS,
                Feature.READDIRPLUS_AUTO,
                Feature.ASYNC_DIO,
                Feature.PARALLEL_DIROPS,
                Feature.ABORT_ERROR,
                Feature.MAX_PAGES,
                Feature.EXPLICIT_INVAL_DATA,
                Feature.INIT_EXT,
                Feature.DIRECT_IO_ALLOW_MMAP,
                Feature.HAS_RESEND);
        if (passthrough) {
            features |= offer.accept(Feature.PASSTHROUGH);
        }
        int pages = offer.has(Feature.MAX_PAGES) ? MAX_PAGES : 32;
        int depth = (features & Feature.PASSTHROUGH.bit()) == 0 ? 0 : 1;
        return new Handshake(
                Math.min(offer.minor(), NEWEST_MINOR),
                features,
                offer.maxReadAheadBytes(),
                pages * PAGE_BYTES,
                maxBackground,
                depth);
    }

    public boolean has(Feature feature) {
        return (features & feature.bit()) != 0;
    }
}
