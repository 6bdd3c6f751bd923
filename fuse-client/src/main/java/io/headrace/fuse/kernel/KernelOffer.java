package io.headrace.fuse.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * What the kernel can do, as it says in INIT ({@code struct fuse_init_in}).
 *
 * @param features {@link Feature} bits, 64 of them
 */
public record KernelOffer(int major, int minor, int maxReadAheadBytes, long features) {
    private static final int SHORT_BYTES = 16;
    private static final int WITH_FLAGS2_BYTES = 20;

    static KernelOffer decode(MemorySegment body) throws MalformedRequestException {
        if (body.byteSize() < SHORT_BYTES) {
            throw new MalformedRequestException("an INIT of " + body.byteSize() + " bytes");
        }
        long features = Integer.toUnsignedLong(body.get(JAVA_INT_UNALIGNED, 12));
        if (body.byteSize() >= WITH_FLAGS2_BYTES) {
            features |= (long) body.get(JAVA_INT_UNALIGNED, 16) << 32;
        }
        return new KernelOffer(
                body.get(JAVA_INT_UNALIGNED, 0),
                body.get(JAVA_INT_UNALIGNED, 4),
                body.get(JAVA_INT_UNALIGNED, 8),
                features);
    }

    public boolean has(Feature feature) {
        return (features & feature.bit()) != 0;
    }

    /** Those of the wanted features that the kernel has. */
    public long accept(Feature... wanted) {
        long accepted = 0;
        for (Feature feature : wanted) {
            accepted |= features & feature.bit();
        }
        return accepted;
    }
}
