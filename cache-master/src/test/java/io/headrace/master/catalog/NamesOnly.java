package io.headrace.master.catalog;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.ObjectKey;
import io.headrace.storage.ObjectUpload;
import io.headrace.storage.UnderStore;
import java.nio.channels.ReadableByteChannel;

/** An origin without content, for the catalog, which reads and writes none. */
interface NamesOnly extends UnderStore {
    @Override
    default ReadableByteChannel open(FileVersion version, ByteRange range) {
        throw new UnsupportedOperationException("the catalog reads no content");
    }

    @Override
    default ObjectUpload create(ObjectKey key) {
        throw new UnsupportedOperationException("the catalog writes nothing");
    }

    @Override
    default void delete(ObjectKey key) {
        throw new UnsupportedOperationException("the catalog deletes nothing");
    }

    @Override
    default void close() {}
}
