package io.headrace.client.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.MountId;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.RangeSource;
import io.headrace.protocol.VersionTag.EntityTag;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class GatheredReadsTest {
    private static final int MIB = 1 << 20;
    private static final long LENGTH = 40L * MIB + 77;
    private static final FileVersion FILE =
            new FileVersion(new MountId("00000000000000aa"), ObjectKey.of("file"), LENGTH, new EntityTag("\"1\""));

    @Property(tries = 60)
    void every_byte_of_a_range_is_in_its_place(
            @ForAll @IntRange(max = 20 * MIB) int position,
            @ForAll @IntRange(min = 1, max = 20 * MIB) int length,
            @ForAll @IntRange(min = 1, max = 9) int parts)
            throws IOException {
        Pattern source = new Pattern();
        try (GatheredReads reads = new GatheredReads(source, parts)) {
            ByteBuffer into = ByteBuffer.allocateDirect(length + 20).position(10);
            into.limit(10 + length);
            reads.fill(FILE, position, into);
            for (int i = 0; i < length; i++) {
                if (into.get(10 + i) != Pattern.at(position + i)) {
                    throw new AssertionError("wrong byte " + i);
                }
            }
            assertThat(into.position()).isEqualTo(10);
            assertThat(source.opened).hasSizeLessThanOrEqualTo(parts + 1);
        }
    }

    @Test
    void a_read_of_one_mebibyte_is_one_range_on_the_readers_thread() throws IOException {
        Pattern source = new Pattern();
        try (GatheredReads reads = new GatheredReads(source, 8)) {
            reads.fill(FILE, 0, ByteBuffer.allocate(MIB));
        }
        assertThat(source.opened).containsExactly(new ByteRange(0, MIB));
        assertThat(source.threads).containsExactly(Thread.currentThread());
    }

    @Test
    void a_part_that_fails_ends_the_others_before_the_read_returns() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        RangeSource source = (version, range, reason) ->
                range.offset() == 0 ? new Fails(waiting) : new WaitsForItsEnd(waiting, ended);
        try (GatheredReads reads = new GatheredReads(source, 2)) {
            assertThatThrownBy(() -> reads.fill(FILE, 0, ByteBuffer.allocate(2 * MIB)))
                    .isInstanceOf(OriginException.Unavailable.class);
        }
        assertThat(ended.getCount()).isZero();
    }

    @Test
    void a_source_that_ends_early_is_an_error() {
        RangeSource source = (version, range, reason) -> new Channel() {
            @Override
            public int read(ByteBuffer into) {
                return -1;
            }
        };
        try (GatheredReads reads = new GatheredReads(source, 2)) {
            assertThatThrownBy(() -> reads.fill(FILE, 0, ByteBuffer.allocate(10)))
                    .hasMessageContaining("10 bytes early");
        }
    }

    private abstract static class Channel implements ReadableByteChannel {
        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    private static final class Fails extends Channel {
        private final CountDownLatch waiting;

        Fails(CountDownLatch waiting) {
            this.waiting = waiting;
        }

        @Override
        public int read(ByteBuffer into) throws IOException {
            await(waiting);
            throw new OriginException.Unavailable("no worker");
        }
    }

    private static final class WaitsForItsEnd extends Channel {
        private final CountDownLatch waiting;
        private final CountDownLatch ended;
        private final CountDownLatch closed = new CountDownLatch(1);

        WaitsForItsEnd(CountDownLatch waiting, CountDownLatch ended) {
            this.waiting = waiting;
            this.ended = ended;
        }

        @Override
        public int read(ByteBuffer into) throws IOException {
            waiting.countDown();
            await(closed);
            ended.countDown();
            throw new AsynchronousCloseException();
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(45, TimeUnit.SECONDS)) {
                throw new IOException("nobody came");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /** A byte follows from its position; a read brings less than was asked for. */
    private static final class Pattern implements RangeSource {
        private final List<ByteRange> opened = Collections.synchronizedList(new ArrayList<>());
        private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

        static byte at(long position) {
            return (byte) (position * 31 + (position >> 12));
        }

        @Override
        public ReadableByteChannel open(FileVersion version, ByteRange range, FetchReason reason) {
            opened.add(range);
            long[] position = {range.offset()};
            return new Channel() {
                @Override
                public int read(ByteBuffer into) {
                    threads.add(Thread.currentThread());
                    int count = (int) Math.min(Math.min(into.remaining(), 300_000), range.end() - position[0]);
                    for (int i = 0; i < count; i++) {
                        into.put(at(position[0]++));
                    }
                    return count == 0 ? -1 : count;
                }
            };
        }
    }
}
