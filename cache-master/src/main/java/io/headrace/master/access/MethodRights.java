package io.headrace.master.access;

import io.headrace.protocol.token.Right;
import io.headrace.protocol.v1.CatalogGrpc;
import io.headrace.protocol.v1.DataSetsGrpc;
import io.headrace.protocol.v1.JobsGrpc;
import io.headrace.protocol.v1.MembershipGrpc;
import java.util.Map;
import java.util.Optional;

/** The right that each method needs. One that is not in the table needs the right to administer. */
final class MethodRights {
    private static final Map<String, Right> RIGHTS = Map.ofEntries(
            Map.entry(CatalogGrpc.getLookupMethod().getFullMethodName(), Right.READ),
            Map.entry(CatalogGrpc.getGetEntryMethod().getFullMethodName(), Right.READ),
            Map.entry(CatalogGrpc.getGetParentMethod().getFullMethodName(), Right.READ),
            Map.entry(CatalogGrpc.getListDirectoryMethod().getFullMethodName(), Right.READ),
            Map.entry(CatalogGrpc.getWatchChangesMethod().getFullMethodName(), Right.READ),
            Map.entry(CatalogGrpc.getGetTotalsMethod().getFullMethodName(), Right.READ),
            Map.entry(DataSetsGrpc.getListMountsMethod().getFullMethodName(), Right.READ),
            Map.entry(DataSetsGrpc.getMountMethod().getFullMethodName(), Right.MOUNT),
            Map.entry(DataSetsGrpc.getUnmountMethod().getFullMethodName(), Right.MOUNT),
            Map.entry(MembershipGrpc.getWatchViewMethod().getFullMethodName(), Right.READ),
            Map.entry(MembershipGrpc.getListWorkersMethod().getFullMethodName(), Right.READ),
            Map.entry(MembershipGrpc.getRegisterMethod().getFullMethodName(), Right.WORKER),
            Map.entry(MembershipGrpc.getHeartbeatMethod().getFullMethodName(), Right.WORKER),
            Map.entry(MembershipGrpc.getLeaveMethod().getFullMethodName(), Right.WORKER),
            Map.entry(JobsGrpc.getLeaseTasksMethod().getFullMethodName(), Right.WORKER),
            Map.entry(JobsGrpc.getReportTasksMethod().getFullMethodName(), Right.WORKER));

    private MethodRights() {}

    /** Empty for health and reflection, which tell nothing that is not public. */
    static Optional<Right> of(String method) {
        return method.startsWith("grpc.health.") || method.startsWith("grpc.reflection.")
                ? Optional.empty()
                : Optional.of(RIGHTS.getOrDefault(method, Right.ADMINISTER));
    }
}
