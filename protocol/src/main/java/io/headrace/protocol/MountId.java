package io.headrace.protocol;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Identifies an origin's location, not the place where it is mounted: the same URI has the same id on every node and
 * after every restart, so cached blocks stay valid. 16 lower-case hexadecimal digits.
 */
public record MountId(String value) {
    public MountId {
        if (!value.matches("[0-9a-f]{16}")) {
            throw new IllegalArgumentException("a mount id is 16 hexadecimal digits: " + value);
        }
    }

    /** The first 8 bytes of the SHA-256 of the URI, which must hold no credentials and no trailing slash variants. */
    public static MountId of(URI origin) {
        String canonical = origin.normalize().toString().replaceAll("/+$", "");
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.UTF_8));
            return new MountId(HexFormat.of().formatHex(digest, 0, 8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
