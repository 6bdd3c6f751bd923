package io.headrace.testing.oss;

import java.time.Duration;

/**
 * How slow a server is.
 *
 * @param bytesPerSecond of all object data together; 0 for as fast as it goes
 * @param bytesPerSecondPerStream of one response; 0 for as fast as it goes
 * @param latency before each response
 */
public record OssThrottle(long bytesPerSecond, long bytesPerSecondPerStream, Duration latency) {
    public static final OssThrottle NONE = new OssThrottle(0, 0, Duration.ZERO);

    public OssThrottle {
        if (bytesPerSecond < 0 || bytesPerSecondPerStream < 0 || latency.isNegative()) {
            throw new IllegalArgumentException("a throttle is not negative");
        }
    }

    public static OssThrottle total(long bytesPerSecond) {
        return new OssThrottle(bytesPerSecond, 0, Duration.ZERO);
    }

    boolean limitsBytes() {
        return bytesPerSecond > 0 || bytesPerSecondPerStream > 0;
    }
}
