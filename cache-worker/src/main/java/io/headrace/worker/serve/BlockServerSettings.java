package io.headrace.worker.serve;

import io.headrace.protocol.Setting;
import java.time.Duration;

/** How a worker serves blocks. */
public record BlockServerSettings(
        @Setting(value = "Most clients' connections at a time; one more is refused.", defaultValue = "1024")
        int mostConnections,

        @Setting(value = "Most files that all connections together have open at a time.", defaultValue = "65536")
        int mostOpenFiles,

        @Setting(value = "Threads that write to sockets.", defaultValue = "2")
        int ioThreads,

        @Setting(value = "Threads that look for bytes in the store and sum them.", defaultValue = "4")
        int readThreads,

        @Setting(value = "How long a new connection may take to say HELLO.", defaultValue = "10s")
        Duration helloTimeout,

        @Setting(value = "A connection without a request for so long is closed.", defaultValue = "5m")
        Duration idleTimeout,

        @Setting(
                value = "A client that takes nothing of what is sent to it for so long is cut off.",
                defaultValue = "30s")
        Duration takeTimeout,

        @Setting(value = "How long a read may wait for its bytes, unless the client says less.", defaultValue = "60s")
        Duration readTimeout,

        @Setting(value = "How long a stopping worker goes on answering what it was asked.", defaultValue = "10s")
        Duration drainTimeout) {

    public BlockServerSettings {
        if (mostConnections < 1 || mostOpenFiles < 1 || ioThreads < 1 || readThreads < 1) {
            throw new IllegalArgumentException(
                    "blocks.most-connections, blocks.most-open-files, blocks.io-threads and blocks.read-threads are at least 1");
        }
    }

    public static BlockServerSettings defaults() {
        return new BlockServerSettings(
                1024,
                65536,
                2,
                4,
                Duration.ofSeconds(10),
                Duration.ofMinutes(5),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofSeconds(10));
    }

    BlockServerSettings withMostConnections(int most) {
        return new BlockServerSettings(
                most,
                mostOpenFiles,
                ioThreads,
                readThreads,
                helloTimeout,
                idleTimeout,
                takeTimeout,
                readTimeout,
                drainTimeout);
    }

    /** For tests of what happens when somebody is late. */
    BlockServerSettings withTimeouts(Duration hello, Duration idle, Duration take) {
        return new BlockServerSettings(
                mostConnections, mostOpenFiles, ioThreads, readThreads, hello, idle, take, readTimeout, drainTimeout);
    }
}
