package io.headrace.storage.oss;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.ObjectKey;
import io.headrace.storage.AbstractUnderStoreContractTest;
import io.headrace.storage.ListingRequest;
import io.headrace.storage.ObjectUpload;
import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreOptions;
import io.headrace.testing.oss.OssServer;
import io.headrace.testing.oss.OssServerOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OssStoreContractTest extends AbstractUnderStoreContractTest {
    private static OssServer server;
    private static int buckets;

    @TempDir
    static Path served;

    @TempDir
    Path folder;

    private String bucket = "";

    @BeforeAll
    static void start() throws Exception {
        server = OssServer.start(OssServerOptions.of(served));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** How the bucket is reached. */
    UnderStoreOptions options(String name) throws IOException {
        return OssAccess.options(server, OssServerOptions.OWNER, folder);
    }

    static OssServer server() {
        return server;
    }

    @Override
    protected UnderStore openEmpty() throws Exception {
        bucket = "bucket-" + ++buckets;
        server.createBucket(bucket);
        return OssAccess.open("oss://" + bucket + "/some%20folder/", options(bucket));
    }

    @Override
    protected UnderStore openMissing() throws Exception {
        return OssAccess.open("oss://no-such-bucket", options("no-such-bucket"));
    }

    @Override
    protected void put(String key, byte[] content) throws Exception {
        server.put(bucket, ObjectKey.of("some folder/" + key), content);
    }

    @Override
    protected void remove(String key) throws Exception {
        server.remove(bucket, ObjectKey.of("some folder/" + key));
    }

    @Override
    protected void makeDirectory(String key) throws Exception {
        put(key, new byte[0]);
    }

    @Override
    protected List<String> awkwardKeys() {
        List<String> keys = new ArrayList<>(super.awkwardKeys());
        keys.addAll(
                List.of("a//b", "//c", "./a/../b", "..", "trailing/", "both", "both/below", "\uE000", "\uD83D\uDE00"));
        keys.add(("k".repeat(199) + "/").repeat(5) + "l".repeat(1023 - 1000 - "some folder/".length()));
        return keys;
    }

    @Test
    void an_upload_that_is_given_up_leaves_no_parts_at_the_service() throws Exception {
        try (ObjectUpload upload = store().create(ObjectKey.of("abandoned"))) {
            upload.writePart(1, ByteBuffer.wrap(bytes(100)));
            assertThat(server.pendingUploads()).isEqualTo(1);
        }

        assertThat(server.pendingUploads()).isZero();
    }

    @Test
    void a_key_that_oss_cannot_hold_does_not_exist() throws Exception {
        assertThat(store().head(new ObjectKey(Bytes.copyOf(new byte[] {'a', (byte) 0xff}))))
                .isEmpty();
        assertThat(store().head(ObjectKey.of("k".repeat(1024)))).isEmpty();
    }

    @Test
    void a_whole_bucket_is_a_location() throws Exception {
        put("object", bytes(10));

        try (UnderStore whole = OssAccess.open("oss://" + bucket, options(bucket))) {
            assertThat(whole.list(ListingRequest.all()).objects())
                    .extracting(status -> status.key().toString())
                    .containsExactly("some folder/object");
        }
    }
}
