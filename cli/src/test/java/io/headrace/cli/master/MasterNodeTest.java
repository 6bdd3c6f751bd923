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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class MasterNodeTest {
    @TempDir
    Path folder;

    private Path directory;

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Files.createDirectory(folder.resolve("master"));
    }

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

    @Test
    void a_backup_of_a_running_master_is_restored_by_the_commands() throws IOException {
        Settings settings = settings();
        Path file = folder.resolve("backup");
        Path restored = folder.resolve("restored");
        MasterNode node = MasterNode.start(settings, FaultPoints.NONE);
        try {
            String endpoint = settings.master().listen().toString();
            assertThat(run("backup", file.toString(), "--master", endpoint)).isZero();
        } finally {
            node.close();
        }
        assertThat(run("restore", file.toString(), "--directory", restored.toString()))
                .isZero();
        MasterNode second = MasterNode.start(settings.with("master.directory", restored.toString()), FaultPoints.NONE);
        second.close();
        assertThat(restored.resolve("members/membership")).exists();
    }

    @Test
    void does_not_start_where_a_restore_did_not_end() throws IOException {
        Files.writeString(directory.resolve("restoring"), "");
        assertThatThrownBy(() -> MasterNode.start(settings(), FaultPoints.NONE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("headrace master restore");
    }

    private static int run(String... arguments) {
        return new CommandLine(new MasterCommand()).execute(arguments);
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
