package io.headrace.worker;

import io.headrace.protocol.ByteSize;
import io.headrace.protocol.Setting;
import java.time.Duration;

/** How an origin is asked; one instance for each mount. */
public record OriginSettings(
        @Setting(
                value = "Most requests that run at one origin at a time. More helps an origin with a limit per stream.",
                defaultValue = "16")
        int maxConcurrentRequests,

        @Setting(value = "Most bytes a second from one origin; 0 for no limit.", defaultValue = "0")
        ByteSize maxBytesPerSecond,

        @Setting(
                value = "How long a reader waits for an origin that fails or hangs, retries included.",
                defaultValue = "60s")
        Duration deadline,

        @Setting(value = "How long one request may go without a byte before it is tried again.", defaultValue = "10s")
        Duration stallTimeout) {

    public static OriginSettings defaults() {
        return new OriginSettings(16, new ByteSize(0), Duration.ofSeconds(60), Duration.ofSeconds(10));
    }
}
