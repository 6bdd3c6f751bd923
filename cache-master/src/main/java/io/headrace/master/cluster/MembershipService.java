package io.headrace.master.cluster;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.headrace.master.cluster.Membership.MemberReport;
import io.headrace.master.cluster.ViewWatchers.TooManyWatchersException;
import io.headrace.master.cluster.ViewWatchers.Watcher;
import io.headrace.protocol.cluster.WorkerCodec;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.v1.DrainReply;
import io.headrace.protocol.v1.DrainRequest;
import io.headrace.protocol.v1.HeartbeatReply;
import io.headrace.protocol.v1.HeartbeatRequest;
import io.headrace.protocol.v1.LeaveReply;
import io.headrace.protocol.v1.LeaveRequest;
import io.headrace.protocol.v1.ListWorkersReply;
import io.headrace.protocol.v1.ListWorkersRequest;
import io.headrace.protocol.v1.ListedWorker;
import io.headrace.protocol.v1.MembershipGrpc;
import io.headrace.protocol.v1.RegisterReply;
import io.headrace.protocol.v1.RegisterRequest;
import io.headrace.protocol.v1.ViewUpdate;
import io.headrace.protocol.v1.WatchViewRequest;
import java.io.IOException;
import java.util.Optional;

/** Answers the calls of {@code membership.proto}. */
final class MembershipService extends MembershipGrpc.MembershipImplBase {
    private final Membership membership;
    private final ViewWatchers watchers;
    private final ClusterSettings settings;

    MembershipService(Membership membership, ViewWatchers watchers, ClusterSettings settings) {
        this.membership = membership;
        this.watchers = watchers;
        this.settings = settings;
    }

    /** Makes the one answer of a call. */
    @FunctionalInterface
    private interface Answer<T> {
        T make() throws IOException, MembershipException;
    }

    private static <T> void answer(StreamObserver<T> reply, Answer<T> answer) {
        try {
            reply.onNext(answer.make());
            reply.onCompleted();
        } catch (IOException | IllegalArgumentException notUnderstood) {
            reply.onError(Status.INVALID_ARGUMENT
                    .withDescription(notUnderstood.getMessage())
                    .asException());
        } catch (MembershipException refused) {
            reply.onError(status(refused).withDescription(refused.getMessage()).asException());
        }
    }

    private static Status status(MembershipException refused) {
        return switch (refused) {
            case MembershipException.ForeignCluster _ -> Status.FAILED_PRECONDITION;
            case MembershipException.DuplicateWorker _, MembershipException.TakenAddress _ -> Status.ALREADY_EXISTS;
            case MembershipException.ClusterFull _ -> Status.RESOURCE_EXHAUSTED;
            case MembershipException.UnknownWorker _ -> Status.NOT_FOUND;
        };
    }

    @Override
    public void register(RegisterRequest request, StreamObserver<RegisterReply> reply) {
        answer(reply, () -> {
            Optional<String> cluster = Optional.of(request.getClusterId()).filter(id -> !id.isEmpty());
            membership.register(WorkerCodec.decode(request.getMember()), request.getProcess(), cluster);
            return RegisterReply.newBuilder()
                    .setClusterId(membership.clusterId())
                    .setHeartbeatMillis(settings.heartbeat().toMillis())
                    .build();
        });
    }

    @Override
    public void heartbeat(HeartbeatRequest request, StreamObserver<HeartbeatReply> reply) {
        answer(
                reply,
                () -> HeartbeatReply.newBuilder()
                        .setDrainWanted(membership.heartbeat(
                                new WorkerId(request.getId()),
                                request.getProcess(),
                                request.getDraining(),
                                WorkerCodec.decode(request.getTiersList())))
                        .build());
    }

    @Override
    public void leave(LeaveRequest request, StreamObserver<LeaveReply> reply) {
        answer(reply, () -> {
            membership.leave(new WorkerId(request.getId()), request.getProcess());
            return LeaveReply.getDefaultInstance();
        });
    }

    @Override
    public void drain(DrainRequest request, StreamObserver<DrainReply> reply) {
        answer(reply, () -> {
            membership.drain(new WorkerId(request.getId()));
            return DrainReply.getDefaultInstance();
        });
    }

    @Override
    public void watchView(WatchViewRequest request, StreamObserver<ViewUpdate> reply) {
        ServerCallStreamObserver<ViewUpdate> call = (ServerCallStreamObserver<ViewUpdate>) reply;
        try {
            Watcher watcher = watchers.add(listener(call), request.getKnownEpoch());
            call.setOnReadyHandler(watcher::offer);
            call.setOnCancelHandler(watcher::close);
            call.setOnCloseHandler(watcher::close);
        } catch (TooManyWatchersException tooMany) {
            call.onError(Status.RESOURCE_EXHAUSTED
                    .withDescription(tooMany.getMessage())
                    .asException());
        }
    }

    private static ViewWatchers.Listener listener(ServerCallStreamObserver<ViewUpdate> call) {
        return new ViewWatchers.Listener() {
            @Override
            public boolean isReady() {
                return call.isReady();
            }

            @Override
            public void send(ViewUpdate update) {
                call.onNext(update);
            }
        };
    }

    @Override
    public void listWorkers(ListWorkersRequest request, StreamObserver<ListWorkersReply> reply) {
        answer(
                reply,
                () -> ListWorkersReply.newBuilder()
                        .setClusterId(membership.clusterId())
                        .setEpoch(membership.current().epoch())
                        .addAllWorkers(membership.report().stream()
                                .map(MembershipService::listed)
                                .toList())
                        .build());
    }

    private static ListedWorker listed(MemberReport report) {
        return ListedWorker.newBuilder()
                .setMember(WorkerCodec.encode(report.worker()))
                .setSilentMillis(report.silence().toMillis())
                .setDrainWanted(report.drainWanted())
                .addAllTiers(WorkerCodec.encode(report.tiers()))
                .build();
    }
}
