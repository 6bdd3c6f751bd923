package io.headrace.testing.oss;

import java.time.Instant;
import java.util.Optional;

/**
 * Somebody whom an {@link OssServer} knows. The secret is for tests only.
 *
 * @param token the security token that belongs to temporary credentials
 * @param expires when temporary credentials end
 */
public record OssIdentity(
        String accessKeyId, String accessKeySecret, Optional<String> token, Optional<Instant> expires, Access access) {
    /** What somebody may do with every bucket. */
    public enum Access {
        NONE,
        READ,
        ALL
    }

    public static OssIdentity permanent(String accessKeyId, String accessKeySecret, Access access) {
        return new OssIdentity(accessKeyId, accessKeySecret, Optional.empty(), Optional.empty(), access);
    }

    /** Credentials as the Security Token Service hands them out. */
    public static OssIdentity temporary(String accessKeyId, String accessKeySecret, String token, Instant expires) {
        return new OssIdentity(accessKeyId, accessKeySecret, Optional.of(token), Optional.of(expires), Access.ALL);
    }

    @Override
    public String toString() {
        return accessKeyId;
    }
}
