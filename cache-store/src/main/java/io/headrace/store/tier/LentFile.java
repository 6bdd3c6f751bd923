package io.headrace.store.tier;

import io.headrace.store.BackingFile;
import io.headrace.store.Tier;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

final class LentFile implements BackingFile {
    private static final Logger log = LoggerFactory.getLogger(LentFile.class);

    private final int descriptor;
    private final Path path;
    private final Tier tier;
    private final Runnable returned;
    private final AtomicBoolean closed = new AtomicBoolean();

    LentFile(int descriptor, Path path, Tier tier, Runnable returned) {
        this.descriptor = descriptor;
        this.path = path;
        this.tier = tier;
        this.returned = returned;
    }

    @Override
    public int descriptor() {
        return descriptor;
    }

    @Override
    public Tier tier() {
        return tier;
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            Linux.close(descriptor, path);
        } catch (ErrnoException e) {
            log.warn("could not close a lent descriptor", e);
        }
        returned.run();
    }
}
