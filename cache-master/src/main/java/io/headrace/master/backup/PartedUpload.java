package io.headrace.master.backup;

import io.headrace.protocol.Backoff;
import io.headrace.protocol.OriginException;
import io.headrace.storage.ObjectUpload;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** Writes an object in parts, one behind the other; a part that the origin does not take is tried again a few times. One thread. */
final class PartedUpload extends OutputStream {
    /** With the 10 000 parts that object stores take: 160 GB. */
    private static final int PART_BYTES = 16 << 20;

    private static final int MOST_ATTEMPTS = 4;
    private static final Backoff PAUSES = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(5));

    private final ObjectUpload upload;
    private final RandomGenerator random;
    private final ByteBuffer part;
    private int parts;
    private long lengthBytes;

    PartedUpload(ObjectUpload upload, RandomGenerator random) {
        this.upload = upload;
        this.random = random;
        part = ByteBuffer.allocate((int) Math.max(PART_BYTES, upload.minimumPartBytes()));
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        for (int at = 0; at < length; ) {
            if (!part.hasRemaining()) {
                send();
            }
            int count = Math.min(part.remaining(), length - at);
            part.put(bytes, from + at, count);
            at += count;
        }
        lengthBytes += length;
    }

    /** Sends what is left; the object then lacks only its completion. Returns its length. */
    long finish() throws IOException {
        if (part.position() > 0) {
            send();
        }
        return lengthBytes;
    }

    private void send() throws IOException {
        parts++;
        part.flip();
        for (int failures = 0; ; ) {
            try {
                upload.writePart(parts, part.duplicate());
                part.clear();
                return;
            } catch (OriginException.Unavailable e) {
                failures++;
                if (failures == MOST_ATTEMPTS) {
                    throw e;
                }
                pause(PAUSES.pause(failures, random));
            }
        }
    }

    private static void pause(Duration time) throws InterruptedIOException {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a backup was written");
        }
    }
}
