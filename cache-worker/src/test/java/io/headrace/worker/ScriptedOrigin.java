package io.headrace.worker;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.VersionTag.EntityTag;
import io.headrace.storage.ListingPage;
import io.headrace.storage.ListingRequest;
import io.headrace.storage.ObjectStatus;
import io.headrace.storage.ObjectUpload;
import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreCapabilities;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/** An origin whose object's byte at {@code i} is {@code i * 31}, and whose answers follow a script, then are good. */
final class ScriptedOrigin implements UnderStore {
    static final URI LOCATION = URI.create("s3://models/llama");

    final List<ByteRange> asked = new CopyOnWriteArrayList<>();
    private final Queue<Answer> script = new ConcurrentLinkedQueue<>();
    private volatile Answer afterwards = ScriptedOrigin::bytes;

    /** One answer to an {@code open}. */
    @FunctionalInterface
    interface Answer {
        ReadableByteChannel open(ByteRange range) throws IOException;
    }

    ScriptedOrigin then(Answer answer) {
        script.add(answer);
        return this;
    }

    ScriptedOrigin always(Answer answer) {
        afterwards = answer;
        return this;
    }

    static FileVersion version(long lengthBytes) {
        return new FileVersion(MountId.of(LOCATION), ObjectKey.of("weights.bin"), lengthBytes, new EntityTag("\"v1\""));
    }

    static byte byteAt(long offset) {
        return (byte) (offset * 31);
    }

    static ReadableByteChannel bytes(ByteRange range) {
        return new BodyChannel(range, range.length(), body -> -1);
    }

    /** Sends so many bytes, then does something else. */
    static Answer bytesThen(long count, Then then) {
        return range -> new BodyChannel(range, Math.min(count, range.length()), then);
    }

    static Answer failing(IOException failure) {
        return range -> {
            throw failure;
        };
    }

    @Override
    public URI location() {
        return LOCATION;
    }

    @Override
    public UnderStoreCapabilities capabilities() {
        return new UnderStoreCapabilities(true, true, false, true, false);
    }

    @Override
    public ReadableByteChannel open(FileVersion version, ByteRange range) throws IOException {
        asked.add(range);
        Answer answer = script.poll();
        return (answer == null ? afterwards : answer).open(range);
    }

    @Override
    public ListingPage list(ListingRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<ObjectStatus> head(ObjectKey key) {
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
    public void close() {}

    /** What a body does after its bytes. */
    @FunctionalInterface
    interface Then {
        int read(BodyChannel body) throws IOException;
    }

    /** A body that arrives 1000 bytes at a time. */
    static final class BodyChannel implements ReadableByteChannel {
        private static final int MOST_AT_ONCE = 1000;

        private final long end;
        private final Then then;
        private long position;
        private volatile boolean open = true;

        BodyChannel(ByteRange range, long count, Then then) {
            this.position = range.offset();
            this.end = range.offset() + count;
            this.then = then;
        }

        @Override
        public int read(ByteBuffer into) throws IOException {
            if (position == end) {
                return then.read(this);
            }
            int count = (int) Math.min(Math.min(MOST_AT_ONCE, into.remaining()), end - position);
            for (int i = 0; i < count; i++) {
                into.put(byteAt(position++));
            }
            return count;
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public void close() {
            open = false;
        }
    }
}
