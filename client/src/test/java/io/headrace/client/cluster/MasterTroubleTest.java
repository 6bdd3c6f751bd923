package io.headrace.client.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.headrace.protocol.OriginException;
import java.io.IOException;
import java.net.ConnectException;
import org.junit.jupiter.api.Test;

final class MasterTroubleTest {
    private static final String QUESTION = "does it speak TLS, and this process plain text?";

    private static StatusRuntimeException unavailable(String description) {
        return Status.UNAVAILABLE.withDescription(description).asRuntimeException();
    }

    private static StatusRuntimeException broken(IOException cause) {
        return Status.UNAVAILABLE
                .withDescription("io exception")
                .withCause(cause)
                .asRuntimeException();
    }

    @Test
    void a_connection_that_is_closed_or_reset_at_once_may_be_plain_text_against_tls() {
        assertThat(MasterTrouble.why(unavailable("Network closed for unknown reason")))
                .contains(QUESTION);
        assertThat(MasterTrouble.why(broken(new IOException("Connection reset by peer"))))
                .contains(QUESTION);
    }

    @Test
    void a_master_that_does_not_run_is_not_asked_for_tls() {
        assertThat(MasterTrouble.why(broken(new ConnectException("Connection refused"))))
                .isEqualTo("UNAVAILABLE, io exception");
        assertThat(MasterTrouble.why(unavailable("the master is ending")))
                .isEqualTo("UNAVAILABLE, the master is ending");
    }

    @Test
    void a_refusal_is_final_and_says_what_the_master_said() {
        assertThat(MasterTrouble.refusal(
                        "m:1",
                        Status.PERMISSION_DENIED.withDescription("no right").asRuntimeException()))
                .hasValueSatisfying(refused -> assertThat(refused)
                        .isInstanceOf(OriginException.Refused.class)
                        .hasMessage("the master at m:1 refuses: no right"));
        assertThat(MasterTrouble.refusal("m:1", unavailable("away"))).isEmpty();
    }
}
