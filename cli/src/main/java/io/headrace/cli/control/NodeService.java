package io.headrace.cli.control;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.headrace.cli.Failures;
import io.headrace.protocol.ByteSize;
import io.headrace.protocol.v1.CheckRequest;
import io.headrace.protocol.v1.CheckedFile;
import io.headrace.protocol.v1.EvictReply;
import io.headrace.protocol.v1.EvictRequest;
import io.headrace.protocol.v1.GetStatusRequest;
import io.headrace.protocol.v1.ListRequest;
import io.headrace.protocol.v1.ListedEntry;
import io.headrace.protocol.v1.LoadProgress;
import io.headrace.protocol.v1.LoadRequest;
import io.headrace.protocol.v1.NodeGrpc;
import io.headrace.protocol.v1.NodeStats;
import io.headrace.protocol.v1.NodeStatus;
import io.headrace.protocol.v1.SetPinnedReply;
import io.headrace.protocol.v1.SetPinnedRequest;
import io.headrace.protocol.v1.ShutdownReply;
import io.headrace.protocol.v1.ShutdownRequest;
import io.headrace.protocol.v1.WatchStatsRequest;
import io.headrace.worker.FileSelection;
import io.headrace.worker.FileSelection.FileCursor;
import io.headrace.worker.LoadJob;
import io.headrace.worker.NamespaceWalker;
import io.headrace.worker.SelectedFile;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Answers the calls of {@code node.proto}. */
public final class NodeService extends NodeGrpc.NodeImplBase {
    private static final Duration PROGRESS_EVERY = Duration.ofMillis(200);
    private static final long LEAST_STATS_MILLIS = 100;

    private final NodeView node;

    public NodeService(NodeView node) {
        this.node = node;
    }

    /** What one call does; its failure becomes the call's. */
    @FunctionalInterface
    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    @SuppressWarnings("IllegalCatch")
    private static void answer(StreamObserver<?> reply, Work work) {
        try {
            work.run();
            reply.onCompleted();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            reply.onError(Failures.of(e).asCallFailure());
        } catch (IOException | RuntimeException e) {
            reply.onError(Failures.of(e).asCallFailure());
        }
    }

    @Override
    public void getStatus(GetStatusRequest request, StreamObserver<NodeStatus> reply) {
        answer(reply, () -> reply.onNext(node.status()));
    }

    @Override
    public void watchStats(WatchStatsRequest request, StreamObserver<NodeStats> reply) {
        ServerCallStreamObserver<NodeStats> call = (ServerCallStreamObserver<NodeStats>) reply;
        answer(reply, () -> {
            while (!call.isCancelled()) {
                call.onNext(Meters.read(node.meters()));
                Thread.sleep(Math.max(LEAST_STATS_MILLIS, request.getIntervalMillis()));
            }
        });
    }

    @Override
    public void load(LoadRequest request, StreamObserver<LoadProgress> reply) {
        ServerCallStreamObserver<LoadProgress> call = (ServerCallStreamObserver<LoadProgress>) reply;
        answer(reply, () -> {
            ByteSize rate = new ByteSize(request.getMaxBytesPerSecond());
            LoadJob job = node.loader()
                    .start(select(request.getPathsList()), node.loadSettings().withMaxBytesPerSecond(rate));
            call.setOnCancelHandler(job::cancel);
            boolean ended = false;
            while (!ended && !call.isCancelled()) {
                ended = job.awaitEnd(PROGRESS_EVERY);
                call.onNext(Progress.toMessage(job.progress()));
            }
        });
    }

    @Override
    public void evict(EvictRequest request, StreamObserver<EvictReply> reply) {
        answer(reply, () -> {
            long files = 0;
            long bytes = 0;
            try (FileCursor cursor = select(request.getPathsList()).open()) {
                for (Optional<SelectedFile> file = cursor.next(); file.isPresent(); file = cursor.next()) {
                    bytes += node.store().evict(file.get().entry().version());
                    files++;
                }
            }
            reply.onNext(EvictReply.newBuilder().setFiles(files).setBytes(bytes).build());
        });
    }

    @Override
    public void setPinned(SetPinnedRequest request, StreamObserver<SetPinnedReply> reply) {
        answer(reply, () -> {
            long files = 0;
            try (FileCursor cursor = select(request.getPathsList()).open()) {
                for (Optional<SelectedFile> file = cursor.next(); file.isPresent(); file = cursor.next()) {
                    if (request.getPinned()) {
                        node.store().pin(file.get().entry().version());
                    } else {
                        node.store().unpin(file.get().entry().version());
                    }
                    files++;
                }
            }
            reply.onNext(SetPinnedReply.newBuilder().setFiles(files).build());
        });
    }

    @Override
    public void check(CheckRequest request, StreamObserver<CheckedFile> reply) {
        ServerCallStreamObserver<CheckedFile> call = (ServerCallStreamObserver<CheckedFile>) reply;
        FileCheck check = new FileCheck(node.store(), node.source(), request.getOrigin());
        answer(reply, () -> {
            try (FileCursor cursor = select(request.getPathsList()).open()) {
                for (Optional<SelectedFile> file = cursor.next();
                        file.isPresent() && !call.isCancelled();
                        file = cursor.next()) {
                    check.run(file.get()).ifPresent(reply::onNext);
                }
            }
        });
    }

    @Override
    public void list(ListRequest request, StreamObserver<ListedEntry> reply) {
        EntryListing listing = new EntryListing(node.namespace(), node.store());
        answer(reply, () -> listing.send(request, reply::onNext));
    }

    @Override
    public void shutdown(ShutdownRequest request, StreamObserver<ShutdownReply> reply) {
        answer(reply, () -> {
            node.shutDown(request.getLazy());
            reply.onNext(ShutdownReply.newBuilder().setMessage("unmounted").build());
        });
    }

    private FileSelection select(List<String> paths) {
        return new NamespaceWalker(node.namespace(), paths.isEmpty() ? List.of("") : paths);
    }
}
