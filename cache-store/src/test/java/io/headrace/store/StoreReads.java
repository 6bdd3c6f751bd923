package io.headrace.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FileVersion;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Reads and checks every byte against {@link PatternSource}. */
final class StoreReads {
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private StoreReads() {}

    /** A read that is under way; its bytes are the caller's to close. */
    static CompletableFuture<PinnedBytes> start(CachedFile file, ByteRange range) {
        CompletableFuture<PinnedBytes> outcome = new CompletableFuture<>();
        file.read(range, new Once(outcome));
        return outcome;
    }

    /** As {@link #start}, of a reader who jumps about. */
    static CompletableFuture<PinnedBytes> startExactly(CachedFile file, ByteRange range) {
        CompletableFuture<PinnedBytes> outcome = new CompletableFuture<>();
        file.readExactly(range, new Once(outcome));
        return outcome;
    }

    static PinnedBytes await(CompletableFuture<PinnedBytes> read) throws IOException {
        try {
            return read.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new AssertionError(e);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    static void readChecked(CachedFile file, ByteRange range) throws IOException {
        try (PinnedBytes bytes = await(start(file, range))) {
            assertBytes(file.version(), range, bytes);
        }
    }

    static void readExactlyChecked(CachedFile file, ByteRange range) throws IOException {
        try (PinnedBytes bytes = await(startExactly(file, range))) {
            assertBytes(file.version(), range, bytes);
        }
    }

    static void readWholeChecked(CachedFile file) throws IOException {
        readChecked(file, file.version().wholeFile());
    }

    static void assertBytes(FileVersion version, ByteRange range, PinnedBytes bytes) {
        long seed = PatternSource.seed(version);
        long offset = range.offset();
        for (MemorySegment segment : bytes.segments()) {
            long i = 0;
            for (; (offset & 7) == 0 && i + 8 <= segment.byteSize(); i += 8, offset += 8) {
                if (segment.get(WORD, i) != PatternSource.wordAt(seed, offset >> 3)) {
                    throw new AssertionError("wrong bytes in the word at " + offset + " of " + version);
                }
            }
            for (; i < segment.byteSize(); i++, offset++) {
                if (segment.get(ValueLayout.JAVA_BYTE, i) != PatternSource.byteAt(seed, offset)) {
                    throw new AssertionError("wrong byte at " + offset + " of " + version);
                }
            }
        }
        assertThat(offset).as("end of the bytes").isEqualTo(range.end());
    }

    private record Once(CompletableFuture<PinnedBytes> outcome) implements ReadCompletion {
        @Override
        public void succeeded(PinnedBytes bytes) {
            assertThat(outcome.complete(bytes)).as("completed once").isTrue();
        }

        @Override
        public void failed(IOException failure) {
            assertThat(outcome.completeExceptionally(failure))
                    .as("completed once")
                    .isTrue();
        }
    }
}
