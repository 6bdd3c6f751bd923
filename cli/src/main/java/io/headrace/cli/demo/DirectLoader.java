package io.headrace.cli.demo;

import io.headrace.protocol.FileVersion;
import io.headrace.protocol.ObjectKey;
import io.headrace.storage.ObjectStatus;
import io.headrace.storage.UnderStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.function.LongConsumer;

/**
 * As a plain loader does without a cache: one stream from the store, by the store's own client. The store is far slower
 * than the comparison, so bytes are compared as they come and a second pass is not needed.
 */
final class DirectLoader implements Loader {
    private static final int BUFFER_BYTES = 1 << 20;

    private final UnderStore store;
    private long wrong;

    /** @param store stays the caller's */
    DirectLoader(UnderStore store) {
        this.store = store;
    }

    @Override
    public void load(Model model, LongConsumer progress) throws IOException {
        wrong = 0;
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        for (ModelFile file : model.files()) {
            ByteCheck check = new ByteCheck(file);
            ObjectStatus status = store.head(ObjectKey.of(file.name()))
                    .orElseThrow(() -> new IOException("the demo's store has lost " + file.name()));
            FileVersion version = status.version(store.mountId());
            try (ReadableByteChannel channel = store.open(version, version.wholeFile())) {
                while (channel.read(buffer.clear()) >= 0) {
                    progress.accept(buffer.position());
                    check.next(buffer.flip());
                }
            }
            wrong += check.wrongBytes();
        }
    }

    @Override
    public long wrongBytes(Model model) {
        return wrong;
    }
}
