package io.headrace.client.block;

import io.headrace.protocol.Setting;

/** Whether a client goes past the workers when they are gone. */
public record OriginFallbackSettings(
        @Setting(
                value =
                        "Whether a mount of a cluster reads the origin itself, with credentials of its own machine, while"
                                + " no worker answers.",
                defaultValue = "false")
        boolean enabled) {

    public static OriginFallbackSettings defaults() {
        return new OriginFallbackSettings(false);
    }
}
