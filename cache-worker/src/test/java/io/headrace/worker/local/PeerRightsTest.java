package io.headrace.worker.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.unix.UnixSocket.Peer;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class PeerRightsTest {
    private static final PeerRights OWN = new PeerRights(1000, OptionalInt.empty());
    private static final PeerRights WITH_GROUP = new PeerRights(1000, OptionalInt.of(50));

    @Test
    void the_workers_user_and_root_may_borrow() {
        assertThat(OWN.permit(new Peer(1, 1000, 7))).isTrue();
        assertThat(OWN.permit(new Peer(1, 0, 7))).isTrue();
    }

    @Test
    void another_user_may_not_unless_its_group_is_named() {
        assertThat(OWN.permit(new Peer(1, 1001, 50))).isFalse();
        assertThat(OWN.permit(new Peer(1, 1001, 0))).isFalse();
        assertThat(WITH_GROUP.permit(new Peer(1, 1001, 51))).isFalse();
        assertThat(WITH_GROUP.permit(new Peer(1, 1001, 50))).isTrue();
    }
}
