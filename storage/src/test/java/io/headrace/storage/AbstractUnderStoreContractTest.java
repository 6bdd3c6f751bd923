package io.headrace.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.protocol.FileVersion;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every {@link UnderStore} does: how it lists and reads, and how it writes where it does. */
public abstract class AbstractUnderStoreContractTest extends AbstractReadingContractTest {
    /** As much as S3 wants of each part but the last. */
    private static final int SHARED_PART = 5 << 20;

    @Test
    void an_upload_of_several_parts_appears_whole() throws Exception {
        if (!store().capabilities().writes()) {
            assertThatThrownBy(() -> store().create(ObjectKey.of("new")))
                    .isInstanceOf(UnsupportedOperationException.class);
            return;
        }
        byte[] content;
        ObjectStatus completed;
        try (ObjectUpload upload = store().create(ObjectKey.of("folder/new object"))) {
            int part = Math.toIntExact(upload.minimumPartBytes());
            content = bytes(2 * part + 17);
            upload.writePart(2, ByteBuffer.wrap(content, part, part));
            assertThat(store().head(ObjectKey.of("folder/new object"))).isEmpty();
            upload.writePart(
                    1, ByteBuffer.allocateDirect(part).put(content, 0, part).flip());
            upload.writePart(3, ByteBuffer.wrap(content, 2 * part, 17));
            completed = upload.complete();
        }

        assertThat(store().head(ObjectKey.of("folder/new object"))).contains(completed);
        FileVersion version = completed.version(store().mountId());
        assertThat(read(version, version.wholeFile(), ByteBuffer.allocateDirect(1 << 20)))
                .isEqualTo(content);
    }

    @Test
    void an_upload_without_parts_is_an_empty_object() throws Exception {
        if (!store().capabilities().writes()) {
            return;
        }
        try (ObjectUpload upload = store().create(ObjectKey.of("empty"))) {
            assertThat(upload.complete().lengthBytes()).isZero();
        }

        assertThat(store().head(ObjectKey.of("empty")).orElseThrow().lengthBytes())
                .isZero();
    }

    @Test
    void an_upload_that_is_not_completed_leaves_nothing_behind() throws Exception {
        if (!store().capabilities().writes()) {
            return;
        }
        try (ObjectUpload upload = store().create(ObjectKey.of("abandoned"))) {
            upload.writePart(1, ByteBuffer.wrap(bytes(100)));
        }

        assertThat(store().head(ObjectKey.of("abandoned"))).isEmpty();
        assertThat(listAll(ListingRequest.all())).isEmpty();
    }

    @Test
    void a_small_object_is_put_whole_and_replaces_the_one_before() throws Exception {
        ObjectKey key = ObjectKey.of("folder/small");
        if (!store().capabilities().writes()) {
            assertThatThrownBy(() -> store().put(key, ByteBuffer.allocate(1)))
                    .isInstanceOf(UnsupportedOperationException.class);
            return;
        }
        ObjectStatus first = store().put(key, ByteBuffer.allocate(0));
        assertThat(first.lengthBytes()).isZero();
        byte[] content = bytes(1000);
        ByteBuffer within = ByteBuffer.wrap(content, 100, 700);

        ObjectStatus put = store().put(key, within);

        assertThat(within.hasRemaining()).isFalse();
        assertThat(store().head(key)).contains(put);
        FileVersion version = put.version(store().mountId());
        assertThat(read(version, version.wholeFile(), ByteBuffer.allocate(1000)))
                .isEqualTo(Arrays.copyOfRange(content, 100, 800));
    }

    @Test
    void an_upload_goes_on_with_its_token_and_a_part_that_is_written_again_counts_once() throws Exception {
        ObjectKey key = ObjectKey.of("shared/by several");
        if (!store().capabilities().writes()) {
            assertThatThrownBy(() -> store().begin(key, SHARED_PART)).isInstanceOf(UnsupportedOperationException.class);
            return;
        }
        byte[] content = bytes(2 * SHARED_PART + 17);
        String token = store().begin(key, SHARED_PART).token();
        SharedUpload second = store().resume(key, token);
        String last = second.writePart(3, ByteBuffer.wrap(content, 2 * SHARED_PART, 17));
        String first = second.writePart(1, ByteBuffer.wrap(content, 0, SHARED_PART));
        SharedUpload third = store().resume(key, token);
        String _ = third.writePart(2, ByteBuffer.wrap(bytes(SHARED_PART)));
        String middle = third.writePart(2, ByteBuffer.wrap(content, SHARED_PART, SHARED_PART));
        assertThat(store().head(key)).isEmpty();
        assertThat(listAll(ListingRequest.all())).isEmpty();

        ObjectStatus completed = store().resume(key, token).complete(List.of(first, middle, last));

        assertThat(store().head(key)).contains(completed);
        FileVersion version = completed.version(store().mountId());
        assertThat(read(version, version.wholeFile(), ByteBuffer.allocateDirect(1 << 20)))
                .isEqualTo(content);
        assertThat(listAll(ListingRequest.all())).containsExactly(completed);
    }

    @Test
    void an_aborted_upload_leaves_nothing_and_takes_no_more_parts() throws Exception {
        if (!store().capabilities().writes()) {
            return;
        }
        ObjectKey key = ObjectKey.of("aborted");
        SharedUpload upload = store().begin(key, SHARED_PART);
        String part = upload.writePart(1, ByteBuffer.wrap(bytes(100)));
        SharedUpload same = store().resume(key, upload.token());

        same.abort();
        same.abort();

        assertThatThrownBy(() -> upload.writePart(2, ByteBuffer.wrap(bytes(100))))
                .isInstanceOf(OriginException.NotFound.class);
        assertThatThrownBy(() -> upload.complete(List.of(part))).isInstanceOf(OriginException.NotFound.class);
        assertThat(store().head(key)).isEmpty();
        assertThat(listAll(ListingRequest.all())).isEmpty();
    }

    @Test
    void a_deleted_object_is_gone_and_deleting_it_again_is_no_error() throws Exception {
        put("object", bytes(10));
        if (!store().capabilities().writes()) {
            assertThatThrownBy(() -> store().delete(ObjectKey.of("object")))
                    .isInstanceOf(UnsupportedOperationException.class);
            return;
        }
        store().delete(ObjectKey.of("object"));
        store().delete(ObjectKey.of("object"));

        assertThat(store().head(ObjectKey.of("object"))).isEmpty();
    }
}
