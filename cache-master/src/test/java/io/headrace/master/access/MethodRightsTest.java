package io.headrace.master.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.MethodDescriptor;
import io.headrace.protocol.token.Right;
import io.headrace.protocol.v1.CatalogGrpc;
import io.headrace.protocol.v1.DataSetsGrpc;
import io.headrace.protocol.v1.MembershipGrpc;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class MethodRightsTest {
    @Test
    void names_can_be_read_with_the_right_to_read() {
        assertThat(CatalogGrpc.getServiceDescriptor().getMethods())
                .extracting(MethodDescriptor::getFullMethodName)
                .allSatisfy(method -> assertThat(MethodRights.of(method)).contains(Right.READ));
    }

    @Test
    void what_changes_the_cluster_needs_more() {
        assertThat(MethodRights.of(DataSetsGrpc.getMountMethod().getFullMethodName()))
                .contains(Right.MOUNT);
        assertThat(MethodRights.of(DataSetsGrpc.getSetQuotaMethod().getFullMethodName()))
                .contains(Right.ADMINISTER);
        assertThat(MethodRights.of(MembershipGrpc.getDrainMethod().getFullMethodName()))
                .contains(Right.ADMINISTER);
        assertThat(MethodRights.of(MembershipGrpc.getRegisterMethod().getFullMethodName()))
                .contains(Right.WORKER);
    }

    @Test
    void a_method_that_nobody_thought_of_needs_the_right_to_administer() {
        assertThat(MethodRights.of("headrace.v1.Jobs/Start")).contains(Right.ADMINISTER);
    }

    @Test
    void health_is_told_to_everybody() {
        assertThat(MethodRights.of("grpc.health.v1.Health/Check")).isEqualTo(Optional.empty());
    }
}
