package io.headrace.testing.seaweed;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import org.junit.jupiter.api.Test;

class SeaweedServerIT {
    @Test
    void two_servers_run_side_by_side_and_end_when_closed() throws Exception {
        long pid;
        try (SeaweedServer one = SeaweedServer.start();
                SeaweedServer other = SeaweedServer.start();
                Socket toOne =
                        new Socket(one.endpoint().getHost(), one.endpoint().getPort());
                Socket toOther =
                        new Socket(other.endpoint().getHost(), other.endpoint().getPort())) {
            assertThat(toOne.isConnected()).isTrue();
            assertThat(toOther.isConnected()).isTrue();
            pid = one.pid();
        }
        assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    }
}
