package io.headrace.store;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.RangeSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A source whose every byte can be told from its version and offset, and that counts what is asked of it. */
final class PatternSource implements RangeSource {
    /** One request. */
    record Request(FileVersion version, ByteRange range, FetchReason reason) {}

    /** What happens to a request before each piece of its bytes. */
    interface Weather {
        void before(Request request, long offset) throws IOException;
    }

    private static final int PIECE_BYTES = 64 << 10;

    private final List<Request> requests = Collections.synchronizedList(new ArrayList<>());
    private volatile Weather weather = (request, offset) -> {};

    void weather(Weather wanted) {
        weather = wanted;
    }

    List<Request> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    long requestedBytes() {
        return requests().stream()
                .mapToLong(request -> request.range().length())
                .sum();
    }

    @Override
    public ReadableByteChannel open(FileVersion version, ByteRange range, FetchReason reason) {
        Request request = new Request(version, range, reason);
        requests.add(request);
        return new ReadableByteChannel() {
            private long position = range.offset();
            private volatile boolean open = true;

            @Override
            public int read(ByteBuffer into) throws IOException {
                weather.before(request, position);
                int count = (int) Math.min(Math.min(into.remaining(), PIECE_BYTES), range.end() - position);
                if (count == 0) {
                    return -1;
                }
                fill(version, position, into, count);
                position += count;
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

    /** A mix of the version's hash and the index of the 8-byte word, little endian. */
    static long wordAt(long seed, long index) {
        long mixed = (seed + index) * 0x9E3779B97F4A7C15L;
        return mixed ^ (mixed >>> 29);
    }

    static byte byteAt(long seed, long offset) {
        return (byte) (wordAt(seed, offset >> 3) >>> ((offset & 7) * 8));
    }

    static long seed(FileVersion version) {
        return version.toString().hashCode();
    }

    private static void fill(FileVersion version, long from, ByteBuffer into, int count) {
        long seed = seed(version);
        into.order(ByteOrder.LITTLE_ENDIAN);
        int i = 0;
        for (; (from & 7) == 0 && i + 8 <= count; i += 8) {
            into.putLong(wordAt(seed, (from + i) >> 3));
        }
        for (; i < count; i++) {
            into.put(byteAt(seed, from + i));
        }
    }
}
