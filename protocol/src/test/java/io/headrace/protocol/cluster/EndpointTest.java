package io.headrace.protocol.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class EndpointTest {
    @Test
    void reads_what_it_writes() {
        for (String text : List.of("worker-1.example:7301", "10.0.0.1:1", "[2001:db8::1]:65535")) {
            assertThat(Endpoint.parse(text)).hasToString(text);
        }
    }

    @Test
    void knows_which_addresses_only_this_machine_reaches() {
        for (String text : List.of("127.0.0.1:1", "127.8.8.8:1", "localhost:1", "[::1]:1")) {
            assertThat(Endpoint.parse(text).isLoopback()).as(text).isTrue();
        }
        for (String text : List.of("0.0.0.0:1", "[::]:1", "10.0.0.1:1", "127.example:1", "localhost.example:1")) {
            assertThat(Endpoint.parse(text).isLoopback()).as(text).isFalse();
        }
    }

    @Test
    void says_what_to_write_when_it_is_none() {
        for (String text : List.of("", "worker", "worker:", "worker:x", "worker:0", "worker:65536", "::1:80", ":80")) {
            assertThatThrownBy(() -> Endpoint.parse(text))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("not a");
        }
    }
}
