package io.headrace.master.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.protocol.OriginException;
import io.headrace.storage.UnderStoreOption;
import io.headrace.storage.UnderStoreOptions;
import io.headrace.testing.oss.OssServer;
import io.headrace.testing.oss.OssServerOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups in a bucket, and one in a folder. */
final class OriginBackupTest {
    private static final String URI_TEXT = "oss://backups/of%20masters/m.backup";
    /** More than one part. */
    private static final int LARGE = 20 << 20;

    @TempDir
    private Path folder;

    private final byte[] content = new byte[LARGE];
    private OssServer server;
    private UnderStoreOptions options;

    @BeforeEach
    void start() throws IOException {
        new Random(7).nextBytes(content);
        server = OssServer.start(OssServerOptions.of(Files.createDirectory(folder.resolve("server"))));
        Path _ = server.createBucket("backups");
        Path credentials = Files.writeString(
                folder.resolve("credentials"),
                "[default]\naccess_key_id = %s\naccess_key_secret = %s\n"
                        .formatted(OssServerOptions.OWNER.accessKeyId(), OssServerOptions.OWNER.accessKeySecret()));
        options = UnderStoreOptions.parse(Map.of(
                UnderStoreOption.ENDPOINT.key(),
                server.endpoint().toString(),
                UnderStoreOption.REGION.key(),
                server.region(),
                UnderStoreOption.CREDENTIALS_FILE.key(),
                credentials.toString()));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void is_restored_from_where_it_was_stored() throws IOException {
        byte[] backup = backup(content);
        for (String uri : List.of(URI_TEXT, folder.toUri() + "m.backup")) {
            Path target = Files.createTempDirectory(folder, "restored");
            try (OriginBackup there = at(uri)) {
                assertThat(there.store(new ByteArrayInputStream(backup))).isEqualTo(backup.length);
            }
            try (OriginBackup there = at(uri)) {
                there.restore(target, Clock.systemUTC());
                assertThat(there.toString()).endsWith("/m.backup");
            }
            assertThat(target.resolve("data-sets")).hasBinaryContent(content);
        }
        assertThat(server.pendingUploads()).isZero();
    }

    @Test
    void what_is_cut_or_changed_on_its_way_leaves_the_older_backup_and_nothing_else() throws IOException {
        byte[] backup = backup(content);
        byte[] changed = backup.clone();
        changed[LARGE / 2] ^= 1;
        try (OriginBackup there = at(URI_TEXT)) {
            long _ = there.store(new ByteArrayInputStream(backup("older".getBytes(StandardCharsets.UTF_8))));
            for (byte[] wrong : List.of(changed, Arrays.copyOf(backup, backup.length - 1), new byte[0])) {
                assertThatThrownBy(() -> there.store(new ByteArrayInputStream(wrong)))
                        .isInstanceOf(DamagedBackupException.class)
                        .hasMessageContaining("oss://backups/of%20masters/m.backup");
            }
            InputStream broken =
                    new SequenceInputStream(new ByteArrayInputStream(backup, 0, LARGE - 1), new BrokenStream());
            assertThatThrownBy(() -> there.store(broken)).hasMessage("the master was killed");
        }
        assertThat(server.pendingUploads()).isZero();
        Path target = folder.resolve("restored");
        try (OriginBackup there = at(URI_TEXT)) {
            there.restore(target, Clock.systemUTC());
        }
        assertThat(target.resolve("data-sets")).hasContent("older");
    }

    private static final class BrokenStream extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("the master was killed");
        }

        @Override
        public int read(byte[] target, int from, int length) throws IOException {
            return read();
        }
    }

    @Test
    void one_that_is_not_there_is_told_so_and_nothing_is_touched() throws IOException {
        Path target = folder.resolve("restored");
        try (OriginBackup there = at(URI_TEXT)) {
            assertThatThrownBy(() -> there.restore(target, Clock.systemUTC()))
                    .isInstanceOf(OriginException.NotFound.class)
                    .hasMessageContaining("m.backup");
        }
        assertThat(target).doesNotExist();
    }

    @Test
    void a_uri_that_names_no_object_is_refused_without_repeating_what_may_be_secret() {
        for (String uri :
                List.of("oss://backups", "oss://backups/", "oss://backups/a?token=hush", "oss://backups/a#hush")) {
            assertThatThrownBy(() -> at(uri))
                    .as(uri)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("names no object")
                    .hasMessageNotContaining("hush");
        }
    }

    private OriginBackup at(String uri) throws IOException {
        return OriginBackup.at(URI.create(uri), options);
    }

    private static byte[] backup(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BackupWriter backup = new BackupWriter(bytes);
        backup.add("data-sets", content);
        backup.finish();
        return bytes.toByteArray();
    }
}
