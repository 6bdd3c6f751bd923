package io.headrace.worker.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.local.LocalSettings;
import io.headrace.store.CachedFile;
import io.headrace.worker.serve.CountedOrigin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process of another user; needs root, to become that. */
final class StrangerIT {
    private static final FileVersion FILE = CountedOrigin.version("model", 5 << 20);

    /** It may look into everything, so that it finds its classes, but has no other right. */
    private static final List<String> AS_NOBODY = List.of(
            "setpriv",
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
            "--inh-caps=+dac_read_search",
            "--ambient-caps=+dac_read_search",
            "--");

    @TempDir
    Path directory;

    @Test
    void a_process_of_another_user_borrows_nothing_though_it_reaches_the_socket() throws Exception {
        CountedOrigin origin = new CountedOrigin();
        LocalSettings settings = LocalSettings.defaults().in(directory.resolve("sockets"));
        try (LendingWorker worker = LendingWorker.start("w1", directory, origin, settings);
                CachedFile file = worker.network().store().open(FILE, origin)) {
            file.load(FILE.wholeFile(), FetchReason.LOAD, (fetched, present) -> {});
            Files.setPosixFilePermissions(
                    settings.sockets().of(new WorkerId("w1")), PosixFilePermissions.fromString("rw-rw-rw-"));
            ChildProcess stranger = ChildProcess.start(
                    AS_NOBODY,
                    directory.resolve("stranger.log"),
                    BorrowerChild.class,
                    "w1",
                    settings.sockets().directory().toString(),
                    "model",
                    Long.toString(FILE.lengthBytes()));
            try {
                assertThat(stranger.said("read ")).isEqualTo("nothing");
                assertThat(worker.answered("unauthorized")).isEqualTo(1);
                assertThat(worker.leases()).isZero();
            } finally {
                stranger.kill();
            }
        }
    }
}
