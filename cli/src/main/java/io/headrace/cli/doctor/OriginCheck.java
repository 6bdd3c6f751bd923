package io.headrace.cli.doctor;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.ByteSize;
import io.headrace.storage.ListingRequest;
import io.headrace.storage.ObjectStatus;
import io.headrace.storage.UnderStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;

/**
 * Whether an origin answers, lets this user in, and how fast one stream of it is. A wrong clock, key or certificate is
 * in the origin's own words.
 */
final class OriginCheck implements Check {
    private static final long SAMPLE_BYTES = 64 << 20;
    private static final Duration SAMPLE_TIME = Duration.ofSeconds(5);
    private static final int BUFFER_BYTES = 1 << 20;

    private final Opening origin;

    /** Opens the origin. */
    interface Opening {
        UnderStore open() throws IOException;
    }

    /** @param origin opens it; the check closes it */
    OriginCheck(Opening origin) {
        this.origin = origin;
    }

    @Override
    public String subject() {
        return "origin";
    }

    @Override
    public Finding judge(Host host) {
        try (UnderStore store = origin.open()) {
            long asked = System.nanoTime();
            Optional<ObjectStatus> largest = store.list(ListingRequest.all()).objects().stream()
                    .max(Comparator.comparingLong(ObjectStatus::lengthBytes));
            long answeredMillis = Duration.ofNanos(System.nanoTime() - asked).toMillis();
            String seen = store.location() + " lists in " + answeredMillis + " ms";
            if (largest.isEmpty() || largest.get().lengthBytes() == 0) {
                return Finding.good(seen + "; it holds nothing to read");
            }
            return Finding.good(seen + "; one stream reads " + rate(store, largest.get()) + "/s");
        } catch (IOException refused) {
            return Finding.broken("cannot be used", String.valueOf(refused.getMessage()));
        }
    }

    private static ByteSize rate(UnderStore store, ObjectStatus object) throws IOException {
        ByteRange sample = new ByteRange(0, Math.min(SAMPLE_BYTES, object.lengthBytes()));
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        long started = System.nanoTime();
        long bytes = 0;
        try (ReadableByteChannel channel = store.open(object.version(store.mountId()), sample)) {
            int read;
            while ((read = channel.read(buffer.clear())) >= 0 && System.nanoTime() - started < SAMPLE_TIME.toNanos()) {
                bytes += read;
            }
        }
        return new ByteSize(bytes * 1_000_000_000 / Math.max(1, System.nanoTime() - started));
    }
}
