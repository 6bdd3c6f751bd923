package io.headrace.worker.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.RangeSource;
import io.headrace.worker.serve.CountedOrigin;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** Reads a source and looks at every byte as soon as it is told of it. */
public final class SourceReads {
    private SourceReads() {}

    /** What happens between two reads. */
    @FunctionalInterface
    public interface Meanwhile {
        void reached(long position) throws IOException;
    }

    public static void readChecked(RangeSource source, FileVersion version, ByteRange range) throws IOException {
        readChecked(source, version, range, 256 << 10, position -> {});
    }

    public static void readChecked(
            RangeSource source, FileVersion version, ByteRange range, int bufferBytes, Meanwhile meanwhile)
            throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(bufferBytes);
        long position = range.offset();
        try (ReadableByteChannel channel = source.open(version, range, FetchReason.DEMAND)) {
            while (position < range.end()) {
                int count = channel.read(buffer.clear());
                assertThat(count).isPositive();
                assertThat(buffer.position()).isEqualTo(count);
                assertThat(CountedOrigin.bytesOf(version).firstWrong(MemorySegment.ofBuffer(buffer.flip()), position))
                        .isEmpty();
                position += count;
                meanwhile.reached(position);
            }
            assertThat(channel.read(buffer.clear())).isNegative();
        }
        assertThat(position).isEqualTo(range.end());
    }
}
