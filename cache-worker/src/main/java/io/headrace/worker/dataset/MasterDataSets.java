package io.headrace.worker.dataset;

import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.headrace.client.cluster.MasterTrouble;
import io.headrace.protocol.MountId;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.v1.DataSetsGrpc;
import io.headrace.protocol.v1.ListMountsRequest;
import io.headrace.protocol.v1.MountedDataSet;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The data sets that a master has. */
public final class MasterDataSets implements DataSetDirectory {
    private static final long ANSWER_SECONDS = 5;

    private final Channel master;

    /** @param master stays its maker's to close */
    public MasterDataSets(Channel master) {
        this.master = master;
    }

    @Override
    public Optional<Location> find(MountId mount) throws IOException {
        try {
            return DataSetsGrpc.newBlockingStub(master)
                    .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
                    .listMounts(ListMountsRequest.getDefaultInstance())
                    .getMountsList()
                    .stream()
                    .filter(mounted -> mounted.getMountId().equals(mount.value()))
                    .map(MountedDataSet::getDataSet)
                    .map(dataSet -> new Location(URI.create(dataSet.getUri()), dataSet.getOptionsMap()))
                    .findFirst();
        } catch (StatusRuntimeException e) {
            throw MasterTrouble.refusal(master.authority(), e)
                    .orElseGet(() -> new OriginException.Unavailable(
                            "the master at " + master.authority() + " does not say where the origin " + mount
                                    + " lies (" + MasterTrouble.why(e) + "); it is asked again",
                            e));
        }
    }
}
