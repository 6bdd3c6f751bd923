package io.headrace.master.serve;

import com.google.protobuf.InvalidProtocolBufferException;
import io.headrace.master.catalog.MountSettings;
import io.headrace.protocol.DurableFile;
import io.headrace.protocol.v1.ListMountsReply;
import io.headrace.protocol.v1.MountedDataSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The data sets of a master on its disk, so that it mounts them again when it starts: a CRC32C (4 bytes, big endian) and a
 * {@link ListMountsReply}. Replaced as a whole; after a crash it is the old one or the new one.
 */
record DataSetFile(Path path) {
    List<DataSet> read() throws IOException {
        if (!Files.exists(path)) {
            return List.of();
        }
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path));
        if (bytes.remaining() < Integer.BYTES) {
            throw damaged("it is cut short");
        }
        int crc = bytes.getInt();
        if (crc != crc(bytes.slice())) {
            throw damaged("its checksum does not match");
        }
        try {
            return ListMountsReply.parseFrom(bytes.slice()).getMountsList().stream()
                    .map(mount -> DataSet.of(mount.getDataSet(), MountSettings.defaults()))
                    .toList();
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw damaged(String.valueOf(e.getMessage()));
        }
    }

    void write(Collection<DataSet> dataSets) throws IOException {
        ListMountsReply.Builder all = ListMountsReply.newBuilder();
        dataSets.forEach(dataSet -> all.addMounts(MountedDataSet.newBuilder().setDataSet(dataSet.toMessage())));
        byte[] message = all.build().toByteArray();
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + message.length)
                .putInt(crc(ByteBuffer.wrap(message)))
                .put(message)
                .flip();
        new DurableFile(path).replace(bytes);
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private IOException damaged(String how) {
        return new IOException("the list of data sets " + path + " is damaged (" + how
                + "). Move it away, start the master, and mount the origins again");
    }
}
