package io.headrace.master.serve;

import io.grpc.stub.StreamObserver;
import io.headrace.master.access.Caller;
import io.headrace.master.catalog.MountSettings;
import io.headrace.master.catalog.MountStatus;
import io.headrace.protocol.MountId;
import io.headrace.protocol.OriginTrouble;
import io.headrace.protocol.v1.DataSetsGrpc;
import io.headrace.protocol.v1.ListMountsReply;
import io.headrace.protocol.v1.ListMountsRequest;
import io.headrace.protocol.v1.MountRequest;
import io.headrace.protocol.v1.MountedDataSet;
import io.headrace.protocol.v1.SetQuotaRequest;
import io.headrace.protocol.v1.UnmountReply;
import io.headrace.protocol.v1.UnmountRequest;
import java.time.Instant;

/** Answers the data sets of catalog.proto. Clients that follow the catalog's changes start over when an origin comes or goes. */
public final class DataSetsService extends DataSetsGrpc.DataSetsImplBase {
    private static final int MOST_CALLS = 16;

    private final DataSets dataSets;
    private final MountSettings defaults;
    private final Runnable changed;
    private final Answers answers = new Answers(MOST_CALLS);
    /** Apart, since these wait for origins. */
    private final Answers mounts = new Answers(MOST_CALLS);

    private DataSetsService(DataSets dataSets, MountSettings defaults, Runnable changed) {
        this.dataSets = dataSets;
        this.defaults = defaults;
        this.changed = changed;
    }

    /** @param defaults for what a mount does not say */
    public static DataSetsService of(DataSets dataSets, MountSettings defaults, CatalogService names) {
        return new DataSetsService(dataSets, defaults, names::startOver);
    }

    @Override
    public void mount(MountRequest request, StreamObserver<MountedDataSet> reply) {
        mounts.give(reply, () -> {
            DataSet wanted = DataSet.of(request.getDataSet(), defaults);
            Caller.require(MountId.of(wanted.uri()));
            DataSets.Mounted mounted = dataSets.mount(wanted);
            changed.run();
            return toMessage(mounted);
        });
    }

    @Override
    public void unmount(UnmountRequest request, StreamObserver<UnmountReply> reply) {
        answers.give(reply, () -> {
            Caller.require(dataSets.mountAt(request.getPath()));
            dataSets.unmount(request.getPath());
            changed.run();
            return UnmountReply.getDefaultInstance();
        });
    }

    @Override
    public void listMounts(ListMountsRequest request, StreamObserver<ListMountsReply> reply) {
        answers.give(reply, () -> {
            ListMountsReply.Builder all = ListMountsReply.newBuilder();
            dataSets.all().stream()
                    .filter(mounted -> Caller.covers(mounted.store().mountId()))
                    .forEach(mounted -> all.addMounts(toMessage(mounted)));
            return all.build();
        });
    }

    @Override
    public void setQuota(SetQuotaRequest request, StreamObserver<MountedDataSet> reply) {
        answers.give(reply, () -> {
            Caller.require(dataSets.mountAt(request.getPath()));
            return toMessage(dataSets.limit(request.getPath(), request.getQuota()));
        });
    }

    private static MountedDataSet toMessage(DataSets.Mounted mounted) {
        MountStatus status = mounted.mount().status();
        return MountedDataSet.newBuilder()
                .setDataSet(mounted.dataSet().toMessage())
                .setMountId(mounted.store().mountId().value())
                .setTotals(CatalogService.toMessage(status.totals()))
                .setListedUnixMillis(
                        status.listedAt().map(Instant::toEpochMilli).orElse(0L))
                .setTrouble(status.trouble().map(OriginTrouble::message).orElse(""))
                .setUnreachable(status.unreachable().count())
                .build();
    }
}
