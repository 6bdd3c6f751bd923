package io.headrace.master.cluster;

import com.google.protobuf.InvalidProtocolBufferException;
import io.headrace.protocol.ChecksummedFile;
import io.headrace.protocol.ChecksummedFile.DamagedException;
import io.headrace.protocol.cluster.ClusterView;
import io.headrace.protocol.cluster.ViewCodec;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.v1.SavedMembership;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The saved state in a file {@code membership} of a directory: a line that names the format, 4 bytes CRC32C of the rest,
 * big endian, and a {@code SavedMembership}. Replaced whole, so that a crash leaves the old one or the new one.
 */
final class MembershipFile {
    private static final String FORMAT = "headrace-membership 1\n";

    private final Path directory;
    private final ChecksummedFile file;

    MembershipFile(Path directory) {
        this.directory = directory;
        file = new ChecksummedFile(directory.resolve("membership"), FORMAT);
    }

    /** @throws IOException when what is there cannot be read; the message says what to do */
    Optional<SavedState> read() throws IOException {
        try {
            Optional<ByteBuffer> message = file.read();
            return message.isEmpty() ? Optional.empty() : Optional.of(decode(SavedMembership.parseFrom(message.get())));
        } catch (DamagedException | InvalidProtocolBufferException e) {
            throw unreadable(e);
        }
    }

    void write(SavedState state) throws IOException {
        Files.createDirectories(directory);
        file.replace(encode(state).toByteArray());
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

    private IOException unreadable(IOException why) {
        return new IOException(
                "the cluster's membership in " + file.path() + " cannot be read: " + why.getMessage()
                        + ". Restore it from a backup; without it the master starts a new cluster, which refuses the"
                        + " caches of the old one",
                why);
    }
}
