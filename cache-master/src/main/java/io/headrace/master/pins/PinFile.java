package io.headrace.master.pins;

import com.google.protobuf.InvalidProtocolBufferException;
import io.headrace.protocol.ChecksummedFile;
import io.headrace.protocol.ChecksummedFile.DamagedException;
import io.headrace.protocol.v1.SavedPins;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/** The pins of a master on its disk, replaced as a whole. */
record PinFile(Path path) {
    private static final String FORMAT = "headrace-pins 1\n";

    SavedPins read() throws IOException {
        try {
            Optional<ByteBuffer> message = file().read();
            return message.isEmpty() ? SavedPins.getDefaultInstance() : SavedPins.parseFrom(message.get());
        } catch (DamagedException | InvalidProtocolBufferException e) {
            throw new IOException(
                    "the list of pins " + path + " is damaged (" + e.getMessage()
                            + "). Move it away, start the master, and pin again; the workers keep what is pinned until then",
                    e);
        }
    }

    void write(SavedPins pins) throws IOException {
        file().replace(pins.toByteArray());
    }

    private ChecksummedFile file() {
        return new ChecksummedFile(path, FORMAT);
    }
}
