package io.headrace.protocol;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A small message in a file that is replaced as a whole ({@link DurableFile}): the name of its format in ASCII, the CRC32C of the
 * message (big endian), the message. For one writer at a time.
 *
 * @param format begins the file; may be empty
 */
public record ChecksummedFile(Path path, String format) {
    /** The file is there, and is not what was written; the message says how, to go on with after a name of the file. */
    public static final class DamagedException extends IOException {
        DamagedException(String how) {
            super(how);
        }
    }

    /** Stored before this returns. */
    public void replace(byte[] message) throws IOException {
        byte[] head = head();
        new DurableFile(path)
                .replace(ByteBuffer.allocate(head.length + Integer.BYTES + message.length)
                        .put(head)
                        .putInt(crc(ByteBuffer.wrap(message)))
                        .put(message)
                        .flip());
    }

    /**
     * The message; empty when there is no file.
     *
     * @throws DamagedException when the file is of another format, cut short or changed
     */
    public Optional<ByteBuffer> read() throws IOException {
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path));
        ByteBuffer head = ByteBuffer.wrap(head());
        if (bytes.remaining() < head.remaining() + Integer.BYTES) {
            throw new DamagedException("it is cut short, or something else");
        }
        if (!bytes.slice(0, head.remaining()).equals(head)) {
            throw new DamagedException("it is of another version of Headrace, or something else");
        }
        int crc = bytes.position(head.remaining()).getInt();
        if (crc != crc(bytes.slice())) {
            throw new DamagedException("its bytes were damaged");
        }
        return Optional.of(bytes.slice());
    }

    private byte[] head() {
        return format.getBytes(StandardCharsets.US_ASCII);
    }

    private static int crc(ByteBuffer message) {
        CRC32C crc = new CRC32C();
        crc.update(message);
        return (int) crc.getValue();
    }
}
