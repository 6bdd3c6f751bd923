package io.headrace.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.storage.AbstractUnderStoreContractTest;
import io.headrace.storage.ListingRequest;
import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreOption;
import io.headrace.storage.UnderStores;
import io.headrace.testing.seaweed.S3Identity;
import io.headrace.testing.seaweed.SeaweedServer;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;

class S3StoreContractIT extends AbstractUnderStoreContractTest {
    private static SeaweedBuckets seaweed;

    @TempDir
    Path folder;

    private String bucket = "";

    @BeforeAll
    static void start() throws Exception {
        seaweed = SeaweedBuckets.start();
    }

    @AfterAll
    static void stop() {
        seaweed.close();
    }

    @Override
    protected UnderStore openEmpty() throws Exception {
        bucket = seaweed.newBucket();
        return seaweed.open("s3://" + bucket + "/some%20folder/", SeaweedServer.ADMIN, folder);
    }

    @Override
    protected UnderStore openMissing() throws Exception {
        return seaweed.open("s3://no-such-bucket", SeaweedServer.ADMIN, folder);
    }

    @Override
    protected void put(String key, byte[] content) {
        seaweed.administrator()
                .putObject(ask -> ask.bucket(bucket).key("some folder/" + key), RequestBody.fromBytes(content));
    }

    @Override
    protected void remove(String key) {
        seaweed.administrator().deleteObject(ask -> ask.bucket(bucket).key("some folder/" + key));
    }

    @Override
    protected void makeDirectory(String key) {
        put(key, new byte[0]);
    }

    @Override
    protected List<String> awkwardKeys() {
        List<String> keys = new ArrayList<>(super.awkwardKeys());
        // SeaweedFS itself turns it into a slash; S3RequestsTest checks what is sent.
        keys.remove("back\\slash");
        keys.add(("k".repeat(199) + "/").repeat(5) + "l".repeat(1024 - 1000 - "some folder/".length()));
        return keys;
    }

    @Test
    void a_bucket_that_does_not_exist_has_no_objects_either() throws Exception {
        try (UnderStore missing = openMissing()) {
            assertThatThrownBy(() -> missing.head(ObjectKey.of("object")))
                    .isInstanceOfSatisfying(
                            OriginException.Refused.class,
                            refused -> assertThat(refused.refusal()).isEqualTo(Refusal.NO_SUCH_LOCATION))
                    .hasMessageContaining("no-such-bucket");
        }
    }

    @Test
    void an_unknown_key_a_wrong_secret_and_a_missing_permission_are_told_apart() throws Exception {
        put("object", bytes(10));
        FileVersion version = version("object");
        S3Identity unknown = new S3Identity("unknown", "NOBODYSACCESSKEY0001", "whatever", List.of());
        S3Identity wrong = new S3Identity("wrong", SeaweedServer.ADMIN.accessKey(), "not-the-secret", List.of());

        assertRefused(unknown, version, Refusal.BAD_CREDENTIALS, "does not know this access key");
        assertRefused(wrong, version, Refusal.BAD_CREDENTIALS, "secret key is wrong");
        assertRefused(SeaweedServer.STRANGER, version, Refusal.FORBIDDEN, "s3:GetObject");
    }

    private void assertRefused(S3Identity identity, FileVersion version, Refusal refusal, String hint)
            throws Exception {
        try (UnderStore store = seaweed.open("s3://" + bucket + "/some%20folder", identity, folder)) {
            for (ThrowingCallable call : List.<ThrowingCallable>of(
                    () -> store.list(ListingRequest.all()),
                    () -> store.head(ObjectKey.of("object")),
                    () -> store.open(version, version.wholeFile()))) {
                assertThatThrownBy(call)
                        .isInstanceOfSatisfying(
                                OriginException.Refused.class,
                                refused -> assertThat(refused.refusal()).isEqualTo(refusal))
                        .hasMessageContaining(hint)
                        .hasMessageContaining(bucket)
                        .hasMessageNotContaining(identity.secretKey());
            }
        }
    }

    @Test
    void a_reader_may_not_write() throws Exception {
        try (UnderStore store = seaweed.open("s3://" + bucket, SeaweedServer.READER, folder)) {
            assertThat(store.list(ListingRequest.all()).objects()).isEmpty();
            assertThatThrownBy(() -> {
                        try (var upload = store.create(ObjectKey.of("new"))) {
                            upload.writePart(1, ByteBuffer.allocate(10));
                        }
                    })
                    .isInstanceOfSatisfying(
                            OriginException.Refused.class,
                            refused -> assertThat(refused.refusal()).isEqualTo(Refusal.FORBIDDEN));
        }
    }

    @Test
    void a_signed_request_is_needed_where_the_bucket_is_not_public() throws Exception {
        var options = seaweed.options(SeaweedServer.ADMIN, folder).with(UnderStoreOption.ANONYMOUS, "true");
        try (UnderStore store = UnderStores.open(URI.create("s3://" + bucket), options)) {
            assertThatThrownBy(() -> store.list(ListingRequest.all())).isInstanceOf(OriginException.Refused.class);
        }
    }

    @Test
    void a_missing_credentials_file_is_refused_with_its_name() throws Exception {
        var options = seaweed.options(SeaweedServer.ADMIN, folder)
                .with(
                        UnderStoreOption.CREDENTIALS_FILE,
                        folder.resolve("absent").toString());
        try (UnderStore store = UnderStores.open(URI.create("s3://" + bucket), options)) {
            assertThatThrownBy(() -> store.list(ListingRequest.all()))
                    .isInstanceOfSatisfying(
                            OriginException.Refused.class,
                            refused -> assertThat(refused.refusal()).isEqualTo(Refusal.BAD_CREDENTIALS))
                    .hasMessageContaining("absent");
        }
    }

    @Test
    void a_key_that_is_not_utf8_does_not_exist() throws Exception {
        ObjectKey key = new ObjectKey(Bytes.copyOf(new byte[] {'a', (byte) 0xff}));

        assertThat(store().head(key)).isEmpty();
    }
}
