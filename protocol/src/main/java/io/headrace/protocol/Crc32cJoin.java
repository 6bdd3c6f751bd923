package io.headrace.protocol;

/**
 * The CRC32C of two runs of bytes, one behind the other, from the CRC32C of each: the first is carried over the second's
 * length by a matrix over GF(2), as zlib's {@code crc32_combine} does. Made for one length of the second run; immutable.
 */
public final class Crc32cJoin {
    /** The polynomial of RFC 3720, B.4, lowest power in the highest bit. */
    private static final int POLYNOMIAL = 0x82F6_3B78;

    private static final int BITS = 32;

    private final int[] carry;

    /** @param secondBytes 0 or more */
    public Crc32cJoin(long secondBytes) {
        if (secondBytes < 0) {
            throw new IllegalArgumentException("no bytes have the length " + secondBytes);
        }
        int[] result = identity();
        int[] power = squared(squared(squared(oneZeroBit())));
        for (long left = secondBytes; left != 0; left >>>= 1) {
            if ((left & 1) != 0) {
                result = product(power, result);
            }
            power = squared(power);
        }
        this.carry = result;
    }

    /** @param second of as many bytes as this was made for */
    public int join(int first, int second) {
        return times(carry, first) ^ second;
    }

    private static int[] identity() {
        int[] matrix = new int[BITS];
        for (int bit = 0; bit < BITS; bit++) {
            matrix[bit] = 1 << bit;
        }
        return matrix;
    }

    private static int[] oneZeroBit() {
        int[] matrix = new int[BITS];
        matrix[0] = POLYNOMIAL;
        for (int bit = 1; bit < BITS; bit++) {
            matrix[bit] = 1 << (bit - 1);
        }
        return matrix;
    }

    private static int[] squared(int[] matrix) {
        return product(matrix, matrix);
    }

    private static int[] product(int[] left, int[] right) {
        int[] product = new int[BITS];
        for (int bit = 0; bit < BITS; bit++) {
            product[bit] = times(left, right[bit]);
        }
        return product;
    }

    private static int times(int[] matrix, int vector) {
        int sum = 0;
        for (int left = vector; left != 0; left &= left - 1) {
            sum ^= matrix[Integer.numberOfTrailingZeros(left)];
        }
        return sum;
    }
}
