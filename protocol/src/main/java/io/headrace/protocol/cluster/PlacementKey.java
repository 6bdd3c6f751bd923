package io.headrace.protocol.cluster;

import io.headrace.protocol.FileVersion;
import io.headrace.protocol.VersionCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What placement knows of a file version: the first 8 bytes, big endian, of the SHA-256 of its bytes as
 * {@link VersionCodec} writes them. Dear enough to be computed once for an open file.
 */
public record PlacementKey(long value) {
    public static PlacementKey of(FileVersion version) {
        return new PlacementKey(hash(VersionCodec.encode(version)));
    }

    static long hash(WorkerId worker) {
        return hash(worker.value().getBytes(StandardCharsets.US_ASCII));
    }

    private static long hash(byte[] bytes) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes))
                    .getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
