package io.headrace.client.cluster;

import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.headrace.protocol.v1.MembershipGrpc;
import io.headrace.protocol.v1.ViewUpdate;
import io.headrace.protocol.v1.WatchViewRequest;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A server whose streams of views the test speaks itself. */
final class ScriptedMaster extends MembershipGrpc.MembershipImplBase implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 45;

    private final BlockingQueue<Watch> watches = new LinkedBlockingQueue<>();
    private final Server server;

    ScriptedMaster(int port) throws IOException {
        server = Grpc.newServerBuilderForPort(port, InsecureServerCredentials.create())
                .permitKeepAliveTime(1, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .addService(this)
                .build()
                .start();
    }

    /** One stream that a watcher asked for. */
    record Watch(long knownEpoch, ServerCallStreamObserver<ViewUpdate> reply) {
        void tell(ViewUpdate update) {
            reply.onNext(update);
        }

        boolean isCancelled() {
            return reply.isCancelled();
        }
    }

    int port() {
        return server.getPort();
    }

    /** The next stream that is asked for. */
    Watch nextWatch() throws InterruptedException {
        Watch watch = watches.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (watch == null) {
            throw new AssertionError("nobody watches");
        }
        return watch;
    }

    @Override
    public void watchView(WatchViewRequest request, StreamObserver<ViewUpdate> reply) {
        ServerCallStreamObserver<ViewUpdate> call = (ServerCallStreamObserver<ViewUpdate>) reply;
        call.setOnCancelHandler(() -> {});
        watches.add(new Watch(request.getKnownEpoch(), call));
    }

    @Override
    public void close() throws InterruptedException {
        server.shutdownNow();
        if (!server.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the scripted master does not end");
        }
    }
}
