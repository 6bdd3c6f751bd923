package io.headrace.master.serve;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.ObjectKey;
import io.headrace.storage.ListingPage;
import io.headrace.storage.ListingRequest;
import io.headrace.storage.ObjectStatus;
import io.headrace.storage.ObjectUpload;
import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreCapabilities;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.channels.ReadableByteChannel;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** An empty bucket that lists nothing until it is told to. Others than listings are not asked for. */
final class HangingOrigin implements UnderStore {
    private static final long PATIENCE_SECONDS = 45;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch answering = new CountDownLatch(1);
    private volatile boolean closed;

    void awaitAsked() throws InterruptedException {
        if (!asked.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the origin was not asked");
        }
    }

    void answer() {
        answering.countDown();
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public ListingPage list(ListingRequest request) throws IOException {
        asked.countDown();
        try {
            if (!answering.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("nobody let the origin answer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
        return new ListingPage(List.of(), List.of(), Optional.empty());
    }

    @Override
    public URI location() {
        return URI.create("s3://slow");
    }

    @Override
    public UnderStoreCapabilities capabilities() {
        return new UnderStoreCapabilities(true, true, false, true, false);
    }

    @Override
    public Optional<ObjectStatus> head(ObjectKey key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ReadableByteChannel open(FileVersion version, ByteRange range) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ObjectUpload create(ObjectKey key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void delete(ObjectKey key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        closed = true;
    }
}
