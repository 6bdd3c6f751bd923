package io.headrace.cli;

import io.headrace.client.sdk.Headrace;
import io.headrace.client.sdk.RemoteFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** The example of docs/java-api.md. */
final class ReadAModel {
    private ReadAModel() {}

    static void copy(String master, String path, WritableByteChannel to) throws IOException {
        try (Headrace cluster = Headrace.connect(master)) {
            RemoteFile file = cluster.open(path);
            ByteBuffer bytes = ByteBuffer.allocateDirect(64 << 20);
            for (long at = 0; file.read(at, bytes.clear()) > 0; at += bytes.limit()) {
                to.write(bytes.flip());
            }
        }
    }
}
