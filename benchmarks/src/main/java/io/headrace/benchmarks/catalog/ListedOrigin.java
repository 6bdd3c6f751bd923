package io.headrace.benchmarks.catalog;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.VersionTag.EntityTag;
import io.headrace.storage.ListingPage;
import io.headrace.storage.ListingRequest;
import io.headrace.storage.ObjectStatus;
import io.headrace.storage.ObjectUpload;
import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreCapabilities;
import java.net.URI;
import java.nio.channels.ReadableByteChannel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An origin that only lists, from memory, as fast as it is asked: pages made before the clock starts. */
final class ListedOrigin implements UnderStore {
    private static final int PAGE_OBJECTS = 1000;
    /** 2026-11-01. */
    private static final long FIRST_SECOND = 1_793_491_200L;

    private final List<ListingPage> pages;

    private ListedOrigin(List<ListingPage> pages) {
        this.pages = pages;
    }

    /** Keys as a data set has them: {@code train/part-00017/img_00017042.jpg}, with MD5 entity tags, in key order. */
    static ListedOrigin of(int objects, int objectsInDirectory) {
        List<ListingPage> pages = new ArrayList<>();
        List<ObjectStatus> page = new ArrayList<>();
        for (int i = 0; i < objects; i++) {
            page.add(object(i, objectsInDirectory));
            if (page.size() == PAGE_OBJECTS || i == objects - 1) {
                Optional<String> next =
                        i == objects - 1 ? Optional.empty() : Optional.of(String.valueOf(pages.size() + 1));
                pages.add(new ListingPage(page, List.of(), next));
                page = new ArrayList<>();
            }
        }
        return new ListedOrigin(pages);
    }

    private static ObjectStatus object(int i, int objectsInDirectory) {
        String key = String.format(Locale.ROOT, "train/part-%05d/img_%08d.jpg", i / objectsInDirectory, i);
        long mixed = i * 0x9E3779B97F4A7C15L;
        String tag = String.format(Locale.ROOT, "\"%016x%016x\"", mixed, mixed * 0xC2B2AE3D27D4EB4FL);
        Instant modified = Instant.ofEpochSecond(FIRST_SECOND + i / 50, 0);
        return new ObjectStatus(ObjectKey.of(key), 20_000 + (mixed >>> 48), modified, new EntityTag(tag));
    }

    @Override
    public URI location() {
        return URI.create("s3://listed");
    }

    @Override
    public UnderStoreCapabilities capabilities() {
        return new UnderStoreCapabilities(true, false, false, true, false);
    }

    @Override
    public ListingPage list(ListingRequest request) {
        return pages.get(request.continuation().map(Integer::parseInt).orElse(0));
    }

    @Override
    public Optional<ObjectStatus> head(ObjectKey key) {
        throw new UnsupportedOperationException("only listed");
    }

    @Override
    public ReadableByteChannel open(FileVersion version, ByteRange range) {
        throw new UnsupportedOperationException("only listed");
    }

    @Override
    public ObjectUpload create(ObjectKey key) {
        throw new UnsupportedOperationException("only listed");
    }

    @Override
    public void delete(ObjectKey key) {
        throw new UnsupportedOperationException("only listed");
    }

    @Override
    public void close() {}
}
