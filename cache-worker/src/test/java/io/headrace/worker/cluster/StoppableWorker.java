package io.headrace.worker.cluster;

import io.grpc.ManagedChannel;
import java.nio.file.Path;
import java.util.Random;

/** A worker's process that only registers; ends with its standard input. */
final class StoppableWorker {
    private StoppableWorker() {}

    public static void main(String[] arguments) throws Exception {
        WorkerIdentity identity = WorkerIdentity.open(Path.of(arguments[1]));
        ManagedChannel channel = LoopbackCluster.channel(Integer.parseInt(arguments[0]));
        try (Registration _ = Registration.start(channel, identity, LoopbackCluster.worker(1), new Random())) {
            while (System.in.read() >= 0) {
                // The parent says nothing, and closes the stream.
            }
        } finally {
            channel.shutdownNow();
        }
    }
}
