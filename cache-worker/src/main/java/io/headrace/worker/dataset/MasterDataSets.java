package io.headrace.worker.dataset;

import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.headrace.client.cluster.MasterTrouble;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.block.PeerException;
import io.headrace.protocol.block.Status;
import io.headrace.protocol.v1.DataSetsGrpc;
import io.headrace.protocol.v1.ListMountsReply;
import io.headrace.protocol.v1.ListMountsRequest;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The data sets that a master has. */
public final class MasterDataSets implements KeptDataSets.Teller {
    private static final long ANSWER_SECONDS = 5;

    private final Channel master;

    /** @param master stays its maker's to close */
    public MasterDataSets(Channel master) {
        this.master = master;
    }

    @Override
    public ListMountsReply list() throws IOException {
        try {
            return DataSetsGrpc.newBlockingStub(master)
                    .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
                    .listMounts(ListMountsRequest.getDefaultInstance());
        } catch (StatusRuntimeException e) {
            Optional<OriginException> refusal = MasterTrouble.refusal(master.authority(), e);
            if (refusal.isPresent()) {
                throw refusal.get();
            }
            throw new PeerException(
                    Status.NOT_HERE,
                    "the master at " + master.authority() + " does not say where origins lie (" + MasterTrouble.why(e)
                            + ")");
        }
    }
}
