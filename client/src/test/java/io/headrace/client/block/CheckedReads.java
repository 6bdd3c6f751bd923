package io.headrace.client.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.RangeSource;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** Reads what {@link ScriptedWorker}s have, and looks at every byte. */
final class CheckedReads {
    private CheckedReads() {}

    static void read(RangeSource source, FileVersion version, ByteRange range, int bufferBytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bufferBytes);
        long position = range.offset();
        try (ReadableByteChannel channel = source.open(version, range, FetchReason.DEMAND)) {
            for (int count = channel.read(buffer.clear()); count >= 0; count = channel.read(buffer.clear())) {
                assertThat(count).isPositive().isEqualTo(buffer.position());
                assertThat(ScriptedWorker.bytes().firstWrong(MemorySegment.ofBuffer(buffer.flip()), position))
                        .isEmpty();
                position += count;
            }
        }
        assertThat(position).isEqualTo(range.end());
    }
}
