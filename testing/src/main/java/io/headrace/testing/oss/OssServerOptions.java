package io.headrace.testing.oss;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/**
 * @param folder each folder in it is a bucket, the files below are its objects; what is uploaded goes into
 *     {@code folder/.uploaded} until the server is closed
 * @param region that requests must be signed for
 * @param publicRead whether anybody may list and read without a signature
 * @param clock what the server takes for the time
 */
public record OssServerOptions(
        Path folder,
        String region,
        List<OssIdentity> identities,
        boolean publicRead,
        OssThrottle throttle,
        Clock clock) {
    /** May do everything on a server with default options. */
    public static final OssIdentity OWNER =
            OssIdentity.permanent("LTAIHEADRACEOWNER001", "headrace-owner-secret-00000001", OssIdentity.Access.ALL);

    public OssServerOptions {
        identities = List.copyOf(identities);
    }

    public static OssServerOptions of(Path folder) {
        return new OssServerOptions(folder, "cn-hangzhou", List.of(OWNER), false, OssThrottle.NONE, Clock.systemUTC());
    }

    public OssServerOptions with(OssThrottle changed) {
        return new OssServerOptions(folder, region, identities, publicRead, changed, clock);
    }

    public OssServerOptions with(List<OssIdentity> changed) {
        return new OssServerOptions(folder, region, changed, publicRead, throttle, clock);
    }

    public OssServerOptions with(Clock changed) {
        return new OssServerOptions(folder, region, identities, publicRead, throttle, changed);
    }

    public OssServerOptions withRegion(String changed) {
        return new OssServerOptions(folder, changed, identities, publicRead, throttle, clock);
    }

    public OssServerOptions withPublicRead() {
        return new OssServerOptions(folder, region, identities, true, throttle, clock);
    }
}
