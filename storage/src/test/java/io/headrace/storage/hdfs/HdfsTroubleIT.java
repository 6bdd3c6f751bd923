package io.headrace.storage.hdfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.headrace.protocol.FileVersion;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.storage.ListingRequest;
import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreOptions;
import io.headrace.storage.UnderStores;
import io.headrace.testing.fault.Fault;
import io.headrace.testing.fault.FaultProxy;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.security.PrivilegedExceptionAction;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.SafeModeAction;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.security.UserGroupInformation;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is told of an HDFS in trouble, and that the store reads again when it is over. */
@Timeout(180)
class HdfsTroubleIT {
    private static final String CONTENT = "0123456789";
    private static final ObjectKey KEY = ObjectKey.of("object");

    @TempDir
    static java.nio.file.Path folder;

    private static MiniDFSCluster cluster;

    @BeforeAll
    static void start() throws IOException {
        Configuration configuration = new Configuration();
        configuration.set(
                MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("dfs").toString());
        configuration.set("dfs.client.block.write.locateFollowingBlock.initial.delay.ms", "5");
        configuration.set("dfs.namenode.safemode.extension", "0");
        cluster = new MiniDFSCluster.Builder(configuration).numDataNodes(1).build();
        FileSystem files = cluster.getFileSystem();
        for (String root : new String[] {"/open", "/closed"}) {
            try (OutputStream output = files.create(new Path(root, KEY.toString()))) {
                output.write(CONTENT.getBytes(StandardCharsets.US_ASCII));
            }
        }
        files.setPermission(new Path("/closed"), new FsPermission("700"));
        files.setPermission(new Path("/open", KEY.toString()), new FsPermission("600"));
    }

    @AfterAll
    static void stop() {
        cluster.shutdown();
    }

    @Test
    void in_safe_mode_files_are_read_and_writing_may_succeed_later() throws Exception {
        try (UnderStore store = open("/open")) {
            cluster.getFileSystem().setSafeMode(SafeModeAction.ENTER);
            try {
                assertThat(read(store)).isEqualTo(CONTENT);
                assertUnavailable(() -> store.delete(KEY), "is in safe mode", "hdfs dfsadmin -safemode get");
                assertUnavailable(() -> store.create(ObjectKey.of("new")), "is in safe mode");
            } finally {
                cluster.getFileSystem().setSafeMode(SafeModeAction.LEAVE);
            }
        }
    }

    @Test
    void a_name_node_that_restarts_is_unavailable_and_then_serves_the_same_version() throws Exception {
        try (UnderStore store = open("/open")) {
            FileVersion version = version(store);
            int port = cluster.getNameNodePort();
            cluster.shutdownNameNode(0);
            for (ThrowingCallable call : List.<ThrowingCallable>of(
                    () -> store.list(ListingRequest.all()),
                    () -> store.head(KEY),
                    () -> store.open(version, version.wholeFile()))) {
                assertUnavailable(call, "127.0.0.1:" + port);
            }
            assertUnavailable(
                    () -> store.head(KEY), "no connection to 127.0.0.1:" + port, "Check that the service runs");

            MiniDFSCluster.DataNodeProperties dataNode = cluster.stopDataNode(0);
            cluster.restartNameNode(0, false);
            assertThat(store.head(KEY))
                    .as("names are there before any data node is")
                    .isPresent();
            assertUnavailable(() -> store.open(version, version.wholeFile()), "is in safe mode");

            cluster.restartDataNode(dataNode, true);
            cluster.waitActive();
            await().until(() -> !cluster.getNameNode().isInSafeMode());
            assertThat(version(store)).isEqualTo(version);
            assertThat(read(store)).isEqualTo(CONTENT);
        }
    }

    @Test
    void a_missing_permission_is_a_refusal_that_names_user_and_path() throws Exception {
        try (UnderStore closed = open("/closed");
                UnderStore open = open("/open")) {
            FileVersion version = version(open);
            UserGroupInformation stranger = UserGroupInformation.createRemoteUser("stranger");
            for (ThrowingCallable call : List.<ThrowingCallable>of(
                    () -> as(stranger, "/closed", store -> store.list(ListingRequest.all())),
                    () -> as(stranger, "/closed", store -> store.head(KEY)),
                    () -> as(stranger, "/open", store -> store.open(version, version.wholeFile())),
                    () -> as(stranger, "/open", store -> store.create(ObjectKey.of("new"))))) {
                assertThat(catchThrowable(call))
                        .isInstanceOfSatisfying(
                                OriginException.Refused.class,
                                refused -> assertThat(refused.refusal())
                                        .as(refused.getMessage())
                                        .isEqualTo(Refusal.FORBIDDEN))
                        .hasMessageContaining("Permission denied: user=stranger")
                        .hasMessageContaining("HADOOP_USER_NAME");
            }
            assertThat(closed.head(KEY)).as("for others it is there").isPresent();
        }
    }

    @Test
    void a_name_node_that_hangs_or_drops_its_connections_is_unavailable_within_the_stall_timeout() throws Exception {
        URI nameNode = URI.create("hdfs://127.0.0.1:" + cluster.getNameNodePort());
        try (FaultProxy proxy = FaultProxy.before(nameNode);
                UnderStore store = open(proxy.in(nameNode) + "/open", Map.of("stall-timeout", "2s"))) {
            assertThat(store.head(KEY)).isPresent();

            proxy.inject(new Fault.Hang(0));
            assertUnavailable(() -> store.head(KEY), "stall-timeout");
            proxy.inject(new Fault.Reset());
            assertUnavailable(() -> store.head(KEY), "127.0.0.1:" + proxy.port());

            proxy.heal();
            assertThat(store.head(KEY)).isPresent();
        }
    }

    private interface Use {
        Object of(UnderStore store) throws IOException;
    }

    private static void as(UserGroupInformation user, String root, Use use) throws Exception {
        user.doAs((PrivilegedExceptionAction<Object>) () -> {
            try (UnderStore store = open(root)) {
                return use.of(store);
            }
        });
    }

    private static void assertUnavailable(ThrowingCallable call, String... hints) {
        OriginException.Unavailable thrown = catchThrowableOfType(OriginException.Unavailable.class, call);
        assertThat(thrown).as("%s", List.of(hints)).isNotNull();
        assertThat(thrown.getMessage()).contains(hints);
    }

    private static UnderStore open(String root) throws IOException {
        return open("hdfs://127.0.0.1:" + cluster.getNameNodePort() + root, Map.of());
    }

    private static UnderStore open(String uri, Map<String, String> options) throws IOException {
        return UnderStores.open(URI.create(uri), UnderStoreOptions.parse(options));
    }

    private static FileVersion version(UnderStore store) throws IOException {
        return store.head(KEY).orElseThrow().version(store.mountId());
    }

    private static String read(UnderStore store) throws IOException {
        FileVersion version = version(store);
        ByteBuffer target = ByteBuffer.allocate(100);
        try (ReadableByteChannel channel = store.open(version, version.wholeFile())) {
            while (channel.read(target) >= 0) {}
        }
        return new String(target.array(), 0, target.position(), StandardCharsets.US_ASCII);
    }
}
