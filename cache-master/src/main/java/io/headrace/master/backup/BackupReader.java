package io.headrace.master.backup;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/**
 * Reads what {@link BackupWriter} writes, and compares the checksums.
 *
 * @param name of the backup, for messages
 */
record BackupReader(String name) {
    private static final int PIECE_BYTES = 256 << 10;

    /** What becomes of a file of the backup. */
    interface Target {
        /** The reader closes what this returns. */
        OutputStream open(String name) throws IOException;
    }

    /**
     * Reads to the end of the stream, and does not close it.
     *
     * @throws DamagedBackupException when it is cut, changed, or no backup
     */
    void read(InputStream backup, Target target) throws IOException {
        CheckedInputStream checked = new CheckedInputStream(new BufferedInputStream(backup), new CRC32C());
        DataInputStream input = new DataInputStream(checked);
        try {
            byte[] format = BackupWriter.FORMAT.getBytes(StandardCharsets.US_ASCII);
            if (!Arrays.equals(input.readNBytes(format.length), format)) {
                throw damaged("it does not begin with \"" + BackupWriter.FORMAT.strip() + "\"");
            }
            long files = 0;
            while (readRecord(input, checked, new Numbered(target, files))) {
                files++;
            }
            if (input.read() >= 0) {
                throw damaged("something follows its end");
            }
        } catch (EOFException e) {
            throw damaged("it is cut short");
        }
    }

    private record Numbered(Target target, long filesBefore) {}

    /** Returns whether it was a file; false for the end. */
    private boolean readRecord(DataInputStream input, CheckedInputStream checked, Numbered numbered)
            throws IOException {
        checked.getChecksum().reset();
        int nameBytes = input.readUnsignedShort();
        String name = new String(exactly(input, nameBytes), StandardCharsets.UTF_8);
        long length = input.readLong();
        if (length < 0) {
            throw damaged("a file in it has a negative length");
        }
        if (nameBytes > 0) {
            try (OutputStream file = numbered.target().open(name)) {
                copy(input, file, length);
            }
        }
        int crc = (int) checked.getChecksum().getValue();
        if (input.readInt() != crc) {
            throw damaged("a checksum does not match");
        }
        if (nameBytes == 0 && length != numbered.filesBefore()) {
            throw damaged("it has " + numbered.filesBefore() + " of " + length + " files");
        }
        return nameBytes > 0;
    }

    private static void copy(DataInputStream input, OutputStream file, long length) throws IOException {
        byte[] piece = new byte[PIECE_BYTES];
        for (long left = length; left > 0; ) {
            int count = input.read(piece, 0, (int) Math.min(left, piece.length));
            if (count < 0) {
                throw new EOFException();
            }
            file.write(piece, 0, count);
            left -= count;
        }
    }

    private static byte[] exactly(DataInputStream input, int length) throws IOException {
        byte[] bytes = new byte[length];
        input.readFully(bytes);
        return bytes;
    }

    DamagedBackupException damaged(String how) {
        return new DamagedBackupException(
                "the backup " + name + " is damaged, and is not used: " + how + ". Use another one");
    }
}
