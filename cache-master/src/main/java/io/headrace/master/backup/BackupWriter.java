package io.headrace.master.backup;

import java.io.ByteArrayInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

/**
 * Writes a backup: the line {@link #FORMAT}, then for each file the length of its name (2 bytes, big endian), the name in UTF-8, its length
 * (8 bytes), its bytes, and the CRC32C (4 bytes) of all these; at the end an empty name, the number of files (8 bytes) and the CRC32C of
 * these ten bytes. One thread.
 */
final class BackupWriter {
    static final String FORMAT = "headrace-master-backup 1\n";

    private final OutputStream target;
    private long files;

    BackupWriter(OutputStream target) throws IOException {
        this.target = target;
        target.write(FORMAT.getBytes(StandardCharsets.US_ASCII));
    }

    void add(String name, byte[] content) throws IOException {
        add(name, content.length, new ByteArrayInputStream(content));
    }

    /** The file must not change meanwhile. */
    void add(String name, Path file) throws IOException {
        try (InputStream content = Files.newInputStream(file)) {
            add(name, Files.size(file), content);
        }
    }

    private void add(String name, long lengthBytes, InputStream content) throws IOException {
        CheckedOutputStream checked = new CheckedOutputStream(target, new CRC32C());
        DataOutputStream record = new DataOutputStream(checked);
        record.writeUTF(name);
        record.writeLong(lengthBytes);
        long copied = content.transferTo(record);
        if (copied != lengthBytes) {
            throw new IOException(
                    name + " had " + lengthBytes + " bytes and gave " + copied + "; take the backup again");
        }
        end(record, checked);
        files++;
    }

    void finish() throws IOException {
        CheckedOutputStream checked = new CheckedOutputStream(target, new CRC32C());
        DataOutputStream record = new DataOutputStream(checked);
        record.writeUTF("");
        record.writeLong(files);
        end(record, checked);
        target.flush();
    }

    private static void end(DataOutputStream record, CheckedOutputStream checked) throws IOException {
        record.writeInt((int) checked.getChecksum().getValue());
        record.flush();
    }
}
