package io.headrace.cli.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.cli.settings.Settings;
import io.headrace.protocol.FaultPoints;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MasterNodeTest {
    @TempDir
    Path directory;

    @Test
    void ends_in_order_and_starts_again_on_what_it_left() throws IOException {
        for (int run = 0; run < 2; run++) {
            MasterNode node = MasterNode.start(settings(), FaultPoints.NONE);
            node.close();
        }
        assertThat(directory).isDirectoryContaining(path -> path.endsWith("catalog"));
    }

    @Test
    void one_that_cannot_start_leaves_its_directory_to_the_next() throws IOException {
        Files.writeString(directory.resolve("data-sets"), "x");
        assertThatThrownBy(() -> MasterNode.start(settings(), FaultPoints.NONE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("data-sets");
        Files.delete(directory.resolve("data-sets"));
        MasterNode node = MasterNode.start(settings(), FaultPoints.NONE);
        node.close();
    }

    private Settings settings() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return Settings.read(List.of(), Map.of())
                    .withAll(Map.of(
                            "master.directory",
                            directory.toString(),
                            "master.listen",
                            "127.0.0.1:" + free.getLocalPort()));
        }
    }
}
