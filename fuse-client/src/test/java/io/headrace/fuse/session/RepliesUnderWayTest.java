package io.headrace.fuse.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.headrace.protocol.ByteRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RepliesUnderWayTest {
    private final RepliesUnderWay replies = new RepliesUnderWay();

    @Test
    void a_range_that_overlaps_waits_until_the_last_reply_has_ended() throws Exception {
        replies.begin(new ByteRange(0, 4096));
        replies.begin(new ByteRange(0, 8192));
        Thread second = Thread.ofPlatform().start(() -> replies.awaitOverlapping(new ByteRange(4000, 200)));
        await().until(() -> second.getState() == Thread.State.TIMED_WAITING);

        replies.end(new ByteRange(0, 4096));
        await().until(() -> second.getState() == Thread.State.TIMED_WAITING);
        assertThat(second.isAlive()).isTrue();
        replies.end(new ByteRange(0, 8192));

        second.join();
    }

    @Test
    void ranges_beside_each_other_do_not_wait() {
        replies.begin(new ByteRange(0, 4096));

        replies.awaitOverlapping(new ByteRange(4096, 4096));
    }
}
