package io.headrace.client.block;

import io.headrace.protocol.Setting;
import java.time.Duration;

/** How workers are asked for blocks. */
public record PeerSettings(
        @Setting(value = "Most connections to one worker. Each brings one range at a time.", defaultValue = "4")
        int connectionsPerWorker,

        @Setting(value = "How long a worker may take to accept a connection.", defaultValue = "1s")
        Duration connectTimeout,

        @Setting(
                value = "A worker that says nothing for so long is given up for the next. One that waits for an origin"
                        + " says so twice a second.",
                defaultValue = "1500ms")
        Duration stallTimeout,

        @Setting(
                value = "How long a read goes on asking without getting a byte, of all workers together.",
                defaultValue = "60s")
        Duration deadline) {

    public PeerSettings {
        if (connectionsPerWorker < 1 || connectionsPerWorker > 64) {
            throw new IllegalArgumentException(
                    "peer.connections-per-worker is 1 to 64, and not " + connectionsPerWorker);
        }
    }

    public static PeerSettings defaults() {
        return new PeerSettings(4, Duration.ofSeconds(1), Duration.ofMillis(1500), Duration.ofSeconds(60));
    }
}
