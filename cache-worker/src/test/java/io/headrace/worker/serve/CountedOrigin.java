package io.headrace.worker.serve;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.RangeSource;
import io.headrace.protocol.VersionTag.EntityTag;
import io.headrace.testing.SeededBytes;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.atomic.AtomicLong;

/** An origin that counts the bytes that it gives, which follow from the version and their offset. */
public final class CountedOrigin implements RangeSource {
    public static final MountId MOUNT = new MountId("0123456789abcdef");
    private static final int PIECE_BYTES = 100_000;

    private final AtomicLong given = new AtomicLong();
    private volatile Weather weather = (version, offset) -> {};

    /** Called before each piece. */
    @FunctionalInterface
    public interface Weather {
        void before(FileVersion version, long offset) throws IOException;
    }

    public static FileVersion version(String key, long lengthBytes) {
        return new FileVersion(MOUNT, ObjectKey.of(key), lengthBytes, new EntityTag("\"1\""));
    }

    public static SeededBytes bytesOf(FileVersion version) {
        return new SeededBytes(version.toString().hashCode());
    }

    public void weather(Weather next) {
        weather = next;
    }

    public long givenBytes() {
        return given.get();
    }

    @Override
    public ReadableByteChannel open(FileVersion version, ByteRange range, FetchReason reason) {
        return new ReadableByteChannel() {
            private long position = range.offset();
            private volatile boolean open = true;

            @Override
            public int read(ByteBuffer into) throws IOException {
                if (position == range.end()) {
                    return -1;
                }
                weather.before(version, position);
                int count = (int) Math.min(Math.min(into.remaining(), PIECE_BYTES), range.end() - position);
                bytesOf(version).fill(MemorySegment.ofBuffer(into.slice(into.position(), count)), position);
                into.position(into.position() + count);
                position += count;
                given.addAndGet(count);
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
        };
    }
}
