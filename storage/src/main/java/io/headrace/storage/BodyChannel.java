package io.headrace.storage;

import io.headrace.protocol.OriginException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import java.util.function.UnaryOperator;

/**
 * A response body of known length as the channel that {@link UnderStore#open} returns: it yields exactly that length or
 * fails. Closing it from any thread, or interrupting the reader, cuts a read that waits. For one reader at a time.
 */
public final class BodyChannel extends AbstractInterruptibleChannel implements ReadableByteChannel {
    /** As much as one socket read returns: {@code sun.nio.ch.NioSocketImpl} copies at most 128 KiB at a time. */
    private static final int CHUNK_BYTES = 128 << 10;

    private final String description;
    private final InputStream body;
    private final Runnable abort;
    private final UnaryOperator<IOException> failures;
    private final long length;
    private byte[] chunk = new byte[0];
    private long read;

    /**
     * @param description what is read, for messages: "s3://bucket/key [0, 100)"
     * @param failures turns what the body throws into an {@link OriginException}
     */
    public BodyChannel(String description, Body body, UnaryOperator<IOException> failures) {
        this.description = description;
        this.body = body.stream();
        this.length = body.lengthBytes();
        this.abort = body.abort();
        this.failures = failures;
    }

    /**
     * @param stream closed behind its last byte, which keeps the connection for the next request
     * @param abort ends the response at once; called by any thread, and only before the last byte was read
     */
    public record Body(InputStream stream, long lengthBytes, Runnable abort) {}

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (read == length) {
            return -1;
        }
        int wanted = (int) Math.min(target.remaining(), length - read);
        if (wanted == 0) {
            return 0;
        }
        int count = -1;
        boolean completed = false;
        try {
            begin();
            count = readBody(target, wanted);
            completed = true;
        } catch (IOException e) {
            if (isOpen()) {
                throw failures.apply(e);
            }
        } finally {
            end(completed);
        }
        if (count < 0) {
            throw new OriginException.Unavailable(description + ": the answer ended after " + read + " of " + length
                    + " bytes. It is asked again; if this lasts, look for a proxy on the way that cuts long answers");
        }
        read += count;
        return count;
    }

    private int readBody(ByteBuffer target, int wanted) throws IOException {
        if (target.hasArray()) {
            int count = body.read(target.array(), target.arrayOffset() + target.position(), wanted);
            target.position(target.position() + Math.max(0, count));
            return count;
        }
        int size = Math.min(wanted, CHUNK_BYTES);
        if (chunk.length < size) {
            chunk = new byte[size];
        }
        int count = body.read(chunk, 0, size);
        if (count > 0) {
            target.put(chunk, 0, count);
        }
        return count;
    }

    @Override
    protected void implCloseChannel() throws IOException {
        if (read < length) {
            abort.run();
        } else {
            body.close();
        }
    }
}
