package io.headrace.protocol.block;

import io.headrace.protocol.FetchReason;

/**
 * How a READ is to be answered.
 *
 * @param frameBytes most bytes of a payload; a power of two from {@value BlockProtocol#LEAST_FRAME_BYTES} to
 *     {@value BlockProtocol#MOST_FRAME_BYTES}
 * @param deadlineMillis after which the server gives up; 0 for none but the server's own
 */
public record ReadTerms(FetchReason reason, Reach reach, int frameBytes, int deadlineMillis) {
    public ReadTerms {
        if (Integer.bitCount(frameBytes) != 1
                || frameBytes < BlockProtocol.LEAST_FRAME_BYTES
                || frameBytes > BlockProtocol.MOST_FRAME_BYTES
                || deadlineMillis < 0) {
            throw new IllegalArgumentException(
                    "no terms: frames of " + frameBytes + " bytes, " + deadlineMillis + " ms");
        }
    }
}
