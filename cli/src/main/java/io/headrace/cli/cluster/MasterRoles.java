package io.headrace.cli.cluster;

import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.headrace.cli.JsonText;
import io.headrace.cli.settings.Settings;
import io.headrace.protocol.cluster.Endpoint;
import io.headrace.protocol.cluster.MasterEndpoints;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Which master of a cluster leads.
 *
 * @param leader the first that answers; empty when none does any more
 */
record MasterRoles(MasterEndpoints all, Optional<Endpoint> leader) {
    private static final long ANSWER_SECONDS = 3;

    /** Asks each. */
    static MasterRoles ask(MasterEndpoints all, Settings settings) throws IOException {
        if (all.all().size() == 1) {
            return new MasterRoles(all, Optional.of(all.all().getFirst()));
        }
        for (Endpoint each : all.all()) {
            if (leads(each, settings)) {
                return new MasterRoles(all, Optional.of(each));
            }
        }
        return new MasterRoles(all, Optional.empty());
    }

    private static boolean leads(Endpoint master, Settings settings) throws IOException {
        try (MasterConnection connection = MasterConnection.open(MasterEndpoints.of(master), settings)) {
            return isServing(connection.channel());
        } catch (StatusRuntimeException doesNot) {
            return false;
        }
    }

    private static boolean isServing(Channel master) {
        return HealthGrpc.newBlockingStub(master)
                        .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
                        .check(HealthCheckRequest.getDefaultInstance())
                        .getStatus()
                == ServingStatus.SERVING;
    }

    String leading() {
        return leader.map(Endpoint::toString).orElse("of " + all);
    }

    List<Endpoint> others() {
        return all.all().stream()
                .filter(each -> !Optional.of(each).equals(leader))
                .toList();
    }

    String json() {
        return all.all().stream()
                .map(each -> "{\"endpoint\":" + JsonText.quoted(each.toString()) + ",\"leads\":"
                        + Optional.of(each).equals(leader) + "}")
                .collect(Collectors.joining(",", "[", "]"));
    }
}
