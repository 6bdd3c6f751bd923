package io.headrace.worker.drain;

import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.v1.ListWorkersRequest;
import io.headrace.protocol.v1.ListedWorker;
import io.headrace.protocol.v1.MembershipGrpc;
import io.headrace.protocol.v1.TierFill;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What workers told the master of their tiers: free is what the largest tier has free. */
public final class MasterSurvey implements Vacancies.Survey {
    private static final long ANSWER_SECONDS = 5;

    private final Channel master;

    /** @param master stays its maker's to close */
    public MasterSurvey(Channel master) {
        this.master = master;
    }

    @Override
    public Vacancies look() throws IOException {
        Map<WorkerId, Long> free = new HashMap<>();
        try {
            for (ListedWorker worker : MembershipGrpc.newBlockingStub(master)
                    .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
                    .listWorkers(ListWorkersRequest.getDefaultInstance())
                    .getWorkersList()) {
                worker.getTiersList().stream()
                        .max(Comparator.comparingLong(TierFill::getCapacityBytes))
                        .ifPresent(tier -> free.put(
                                new WorkerId(worker.getMember().getId()),
                                Math.max(0, tier.getCapacityBytes() - tier.getUsedBytes())));
            }
        } catch (StatusRuntimeException e) {
            throw new IOException(
                    "the master at " + master.authority() + " does not say what the workers have free ("
                            + e.getStatus().getCode() + ")",
                    e);
        }
        return new Vacancies(free);
    }
}
