package io.headrace.cli.daemon;

import io.headrace.cli.caches.OwnCaches;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The cache directory of a mount that is given none. It belongs to the origins and not to the mount point: mounts of
 * different origins do not meet in one, and the same origins find what was cached of them, wherever they are mounted.
 */
final class OwnCache {
    private static final int MOST_NAME = 40;
    private static final int DIGEST_BYTES = 8;

    private OwnCache() {}

    /** @param source the origins, as {@link MountPlan#source} writes them */
    static Path of(Path caches, String source) {
        String same = source.replaceAll("/+$", "");
        String name = same.replaceAll("[^A-Za-z0-9.]+", "-").replaceAll("^-|-$", "");
        return OwnCaches.below(caches)
                .root()
                .resolve(name.substring(0, Math.min(MOST_NAME, name.length())) + "-" + digest(same));
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
