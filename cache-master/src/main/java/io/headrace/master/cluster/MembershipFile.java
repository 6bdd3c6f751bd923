package io.headrace.master.cluster;

import com.google.protobuf.InvalidProtocolBufferException;
import io.headrace.protocol.DurableFile;
import io.headrace.protocol.cluster.ClusterView;
import io.headrace.protocol.cluster.ViewCodec;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.v1.SavedMembership;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The saved state in a file {@code membership} of a directory: a line that names the format, 4 bytes CRC32C of the rest,
 * big endian, and a {@code SavedMembership}. Replaced whole, so that a crash leaves the old one or the new one.
 */
final class MembershipFile {
    private static final byte[] FORMAT = "headrace-membership 1\n".getBytes(StandardCharsets.US_ASCII);
    private static final int HEAD = FORMAT.length + Integer.BYTES;

    private final Path directory;
    private final Path file;

    MembershipFile(Path directory) {
        this.directory = directory;
        file = directory.resolve("membership");
    }

    /** @throws IOException when what is there cannot be read; the message says what to do */
    Optional<SavedState> read() throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length < HEAD || !Arrays.equals(FORMAT, 0, FORMAT.length, bytes, 0, FORMAT.length)) {
            throw unreadable("it is of another version of Headrace, or something else", null);
        }
        ByteBuffer message = ByteBuffer.wrap(bytes, HEAD, bytes.length - HEAD);
        if (ByteBuffer.wrap(bytes).getInt(FORMAT.length) != crc(message.duplicate())) {
            throw unreadable("its bytes were damaged", null);
        }
        try {
            return Optional.of(decode(SavedMembership.parseFrom(message)));
        } catch (InvalidProtocolBufferException e) {
            throw unreadable(String.valueOf(e.getMessage()), e);
        }
    }

    void write(SavedState state) throws IOException {
        Files.createDirectories(directory);
        byte[] message = encode(state).toByteArray();
        ByteBuffer bytes = ByteBuffer.allocate(HEAD + message.length)
                .put(FORMAT)
                .putInt(crc(ByteBuffer.wrap(message)))
                .put(message)
                .flip();
        new DurableFile(file).replace(bytes);
    }

    private static SavedMembership encode(SavedState state) {
        return SavedMembership.newBuilder()
                .setClusterId(state.clusterId())
                .setView(ViewCodec.whole(state.views()))
                .addAllDrainWantedIds(
                        state.drainWanted().stream().map(WorkerId::value).toList())
                .build();
    }

    private static SavedState decode(SavedMembership saved) throws IOException {
        return new SavedState(
                saved.getClusterId(),
                ViewCodec.decode(saved.getView(), ClusterView.NONE),
                saved.getDrainWantedIdsList().stream().map(WorkerId::new).collect(Collectors.toSet()));
    }

    private IOException unreadable(String why, @Nullable Exception cause) {
        return new IOException(
                "the cluster's membership in " + file + " cannot be read: " + why
                        + ". Restore it from a backup; without it the master starts a new cluster, which refuses the"
                        + " caches of the old one",
                cause);
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
