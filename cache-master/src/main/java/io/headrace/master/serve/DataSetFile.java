package io.headrace.master.serve;

import com.google.protobuf.InvalidProtocolBufferException;
import io.headrace.master.catalog.MountSettings;
import io.headrace.protocol.ChecksummedFile;
import io.headrace.protocol.ChecksummedFile.DamagedException;
import io.headrace.protocol.v1.ListMountsReply;
import io.headrace.protocol.v1.MountedDataSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The data sets of a master on its disk, so that it mounts them again when it starts: a CRC32C (4 bytes, big endian) and a
 * {@link ListMountsReply}. Replaced as a whole; after a crash it is the old one or the new one.
 */
record DataSetFile(Path path) {
    List<DataSet> read() throws IOException {
        try {
            Optional<ByteBuffer> message = file().read();
            return message.isEmpty() ? List.of() : decode(message.get());
        } catch (DamagedException | InvalidProtocolBufferException | IllegalArgumentException e) {
            throw damaged(String.valueOf(e.getMessage()));
        }
    }

    private static List<DataSet> decode(ByteBuffer message) throws InvalidProtocolBufferException {
        return ListMountsReply.parseFrom(message).getMountsList().stream()
                .map(mount -> DataSet.of(mount.getDataSet(), MountSettings.defaults()))
                .toList();
    }

    void write(Collection<DataSet> dataSets) throws IOException {
        ListMountsReply.Builder all = ListMountsReply.newBuilder();
        dataSets.forEach(dataSet -> all.addMounts(MountedDataSet.newBuilder().setDataSet(dataSet.toMessage())));
        file().replace(all.build().toByteArray());
    }

    private ChecksummedFile file() {
        return new ChecksummedFile(path, "");
    }

    private IOException damaged(String how) {
        return new IOException("the list of data sets " + path + " is damaged (" + how
                + "). Move it away, start the master, and mount the origins again");
    }
}
