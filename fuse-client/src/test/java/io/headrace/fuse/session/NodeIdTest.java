package io.headrace.fuse.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.Namespace;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class NodeIdTest {
    @Property
    void both_nodes_of_an_entry_lead_back_to_it(@ForAll @LongRange(min = 2, max = 1L << 60) long id) {
        assertThat(NodeId.entryId(NodeId.served(id))).isEqualTo(id);
        assertThat(NodeId.entryId(NodeId.passedThrough(id))).isEqualTo(id);
        assertThat(NodeId.served(id)).isGreaterThan(NodeId.ROOT);
        assertThat(NodeId.isPassedThrough(NodeId.served(id))).isFalse();
        assertThat(NodeId.isPassedThrough(NodeId.passedThrough(id))).isTrue();
    }

    @Test
    void the_root_is_one() {
        assertThat(NodeId.served(Namespace.ROOT_ID)).isEqualTo(1);
        assertThat(NodeId.entryId(1)).isEqualTo(Namespace.ROOT_ID);
        assertThat(NodeId.isPassedThrough(1)).isFalse();
    }
}
