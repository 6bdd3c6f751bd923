package io.headrace.storage.hdfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.protocol.FileVersion;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.storage.AbstractUnderStoreContractTest;
import io.headrace.storage.ListingRequest;
import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreOptions;
import io.headrace.storage.UnderStores;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HdfsStoreContractIT extends AbstractUnderStoreContractTest {
    @TempDir
    static Path folder;

    private static MiniDFSCluster cluster;
    private static FileSystem files;
    private static int roots;

    private String root = "";

    @BeforeAll
    static void start() throws IOException {
        Configuration configuration = new Configuration();
        configuration.set(
                MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("dfs").toString());
        // How long a writer sleeps before it asks again whether its block has arrived; the default makes each file take
        // 0.4 s.
        configuration.set("dfs.client.block.write.locateFollowingBlock.initial.delay.ms", "5");
        cluster = new MiniDFSCluster.Builder(configuration).numDataNodes(1).build();
        files = cluster.getFileSystem();
    }

    @AfterAll
    static void stop() {
        cluster.shutdown();
    }

    @Override
    protected UnderStore openEmpty() throws IOException {
        root = "/some folder/" + ++roots;
        files.mkdirs(new org.apache.hadoop.fs.Path(root));
        return open(root.replace(" ", "%20"), Map.of());
    }

    @Override
    protected UnderStore openMissing() throws IOException {
        return open("/missing", Map.of());
    }

    private static UnderStore open(String rawPath, Map<String, String> options) throws IOException {
        return UnderStores.open(
                URI.create("hdfs://127.0.0.1:" + cluster.getNameNodePort() + rawPath),
                UnderStoreOptions.parse(options));
    }

    private org.apache.hadoop.fs.Path path(String key) {
        return new org.apache.hadoop.fs.Path(null, null, root + "/" + key);
    }

    @Override
    protected void put(String key, byte[] content) throws IOException {
        try (OutputStream output = files.create(path(key), true)) {
            output.write(content);
        }
    }

    @Override
    protected void remove(String key) throws IOException {
        files.delete(path(key), false);
    }

    @Override
    protected void makeDirectory(String key) throws IOException {
        files.mkdirs(path(key.substring(0, key.length() - 1)));
    }

    @Test
    void a_name_is_either_a_file_or_a_folder() throws Exception {
        put("file", bytes(1));
        put("folder/below", bytes(1));

        for (String key : List.of("file/below", "folder")) {
            assertThatThrownBy(() -> store().begin(ObjectKey.of(key), 1))
                    .as(key)
                    .isInstanceOf(OriginException.Refused.class)
                    .hasMessageContaining("ename one of them");
        }
    }

    /** HDFS has no names with a colon. */
    @Override
    protected List<String> awkwardKeys() {
        return super.awkwardKeys().stream().map(key -> key.replace(":", "")).toList();
    }

    @Test
    void a_file_that_is_appended_to_while_it_is_read_shows_as_changed() throws Exception {
        put("object", bytes(1000));
        FileVersion version = version("object");

        try (ReadableByteChannel channel = store().open(version, version.wholeFile())) {
            assertThat(channel.read(ByteBuffer.allocateDirect(100))).isPositive();
            try (OutputStream output = files.append(path("object"))) {
                output.write(bytes(10));
            }

            assertThatThrownBy(() -> {
                        ByteBuffer target = ByteBuffer.allocateDirect(1000);
                        while (channel.read(target) >= 0) {}
                    })
                    .isInstanceOf(OriginException.VersionChanged.class)
                    .hasMessageContaining("object");
        }
    }

    @Test
    void the_default_file_system_is_taken_from_the_site_files() throws Exception {
        put("object", bytes(10));
        Files.writeString(
                folder.resolve("core-site.xml"),
                "<configuration><property><name>fs.defaultFS</name><value>hdfs://127.0.0.1:" + cluster.getNameNodePort()
                        + "</value></property></configuration>");

        try (UnderStore store = UnderStores.open(
                URI.create("hdfs://" + root.replace(" ", "%20")),
                UnderStoreOptions.parse(Map.of("hadoop-conf", folder.toString())))) {
            assertThat(store.list(ListingRequest.all()).objects()).hasSize(1);
        }
    }

    @Test
    void a_name_service_without_site_files_is_refused_with_the_fix() throws Exception {
        try (UnderStore store =
                UnderStores.open(URI.create("hdfs://no-such-service/x"), UnderStoreOptions.defaults())) {
            assertThatThrownBy(() -> store.list(ListingRequest.all()))
                    .isInstanceOfSatisfying(
                            OriginException.Refused.class,
                            refused -> assertThat(refused.refusal()).isEqualTo(Refusal.NO_SUCH_LOCATION))
                    .hasMessageContaining("no-such-service");
        }
    }

    @Test
    void a_name_node_that_is_not_there_is_unavailable() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        try (UnderStore store =
                UnderStores.open(URI.create("hdfs://127.0.0.1:" + port + "/"), UnderStoreOptions.defaults())) {
            assertThatThrownBy(() -> store.list(ListingRequest.all()))
                    .isInstanceOf(OriginException.Unavailable.class)
                    .hasMessageContaining("127.0.0.1:" + port);
        }
    }

    @Test
    void a_missing_keytab_is_refused_with_its_name() throws Exception {
        try (UnderStore store = open(
                "/",
                Map.of(
                        "kerberos-principal",
                        "headrace@REALM",
                        "kerberos-keytab",
                        folder.resolve("absent.keytab").toString()))) {
            assertThatThrownBy(() -> store.head(ObjectKey.of("x")))
                    .isInstanceOfSatisfying(
                            OriginException.Refused.class,
                            refused -> assertThat(refused.refusal()).isEqualTo(Refusal.BAD_CREDENTIALS))
                    .hasMessageContaining("absent.keytab");
        }
    }
}
