package io.headrace.client.sdk;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.RangeSource;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Reads ranges into the caller's memory, a large one by several parts at a time. The caller's thread reads one of them, and
 * those for which no thread is free. When a part fails, the others are ended; none writes any more when a read returns.
 * Thread-safe.
 */
final class GatheredReads implements AutoCloseable {
    /** Less is not worth another thread and connection. A multiple of a frame. */
    static final int LEAST_PART_BYTES = 1 << 20;

    private static final long KEPT_SECONDS = 30;

    private final RangeSource source;
    private final int mostParts;
    private final ThreadPoolExecutor threads;

    /** @param mostParts at a time, of one read and of all */
    GatheredReads(RangeSource source, int mostParts) {
        this.source = source;
        this.mostParts = mostParts;
        this.threads = new ThreadPoolExecutor(
                0,
                mostParts,
                KEPT_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                Thread.ofPlatform().daemon().name("headrace-read-", 0).factory(),
                new ThreadPoolExecutor.CallerRunsPolicy());
    }

    private record Part(ReadableByteChannel channel, ByteBuffer target) {
        void read() throws IOException {
            try (channel) {
                while (target.hasRemaining()) {
                    if (channel.read(target) < 0) {
                        throw new EOFException("a worker's answer ended " + target.remaining() + " bytes early");
                    }
                }
            }
        }

        void readUnchecked() {
            try {
                read();
            } catch (IOException e) {
                throw new CompletionException(e);
            }
        }
    }

    /**
     * Fills the buffer with the bytes from {@code position} on.
     *
     * @param into its remaining bytes lie inside the file; its position does not move
     */
    void fill(FileVersion version, long position, ByteBuffer into) throws IOException {
        List<Part> parts = new ArrayList<>();
        for (ByteRange range : parts(new ByteRange(position, into.remaining()))) {
            ByteBuffer target =
                    into.slice(into.position() + (int) (range.offset() - position), Math.toIntExact(range.length()));
            parts.add(new Part(source.open(version, range, FetchReason.DEMAND), target));
        }
        List<CompletableFuture<Void>> others = new ArrayList<>();
        try {
            for (Part part : parts.subList(1, parts.size())) {
                others.add(CompletableFuture.runAsync(part::readUnchecked, threads));
            }
            parts.getFirst().read();
            for (CompletableFuture<Void> other : others) {
                other.get();
            }
        } catch (ExecutionException e) {
            throw asIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClosedByInterruptException();
        } finally {
            end(parts, others);
        }
    }

    /** As even as parts of whole frames can be. */
    private List<ByteRange> parts(ByteRange range) {
        long even = Math.ceilDiv(range.length(), mostParts);
        long size = Math.max(1, Math.ceilDiv(even, LEAST_PART_BYTES)) * LEAST_PART_BYTES;
        List<ByteRange> parts = new ArrayList<>();
        for (long at = range.offset(); at < range.end(); ) {
            long end = Math.min(range.end(), (at / LEAST_PART_BYTES * LEAST_PART_BYTES) + size);
            parts.add(ByteRange.between(at, end));
            at = end;
        }
        return parts;
    }

    private static IOException asIOException(ExecutionException failure) {
        Throwable cause = failure.getCause();
        return cause instanceof IOException expected ? expected : new IOException("a part of a read failed", cause);
    }

    /** Closing what is read to its end does nothing. */
    private static void end(List<Part> parts, List<CompletableFuture<Void>> others) throws IOException {
        for (Part part : parts) {
            part.channel().close();
        }
        for (CompletableFuture<Void> other : others) {
            other.exceptionally(_ -> null).join();
        }
    }

    /** Ends the threads; reads under way end with their channels. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
