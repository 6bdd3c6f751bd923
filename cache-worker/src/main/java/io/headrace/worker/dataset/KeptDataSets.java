package io.headrace.worker.dataset;

import com.google.protobuf.InvalidProtocolBufferException;
import io.headrace.protocol.DurableFile;
import io.headrace.protocol.MountId;
import io.headrace.protocol.v1.DataSet;
import io.headrace.protocol.v1.ListMountsReply;
import io.headrace.protocol.v1.MountedDataSet;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data sets of a cluster as this process was last told of them, kept in a file: a worker reads their origins while the master
 * is away, after a restart too. The master is asked at the start, every ten seconds, and when an origin is wanted that is not
 * known. Thread-safe.
 *
 * <p>The file is the CRC32C of what follows it, big endian, and a {@link ListMountsReply}. A damaged one counts as none.
 */
public final class KeptDataSets implements DataSetDirectory, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeptDataSets.class);
    private static final Duration REFRESH = Duration.ofSeconds(10);

    private final Teller master;
    private final Path file;
    private final Thread refresher = Thread.ofVirtual().name("data-sets").unstarted(this::refreshOften);
    private volatile ListMountsReply told;

    private KeptDataSets(Teller master, Path file, ListMountsReply told) {
        this.master = master;
        this.file = file;
        this.told = told;
    }

    /** Who knows the data sets of now. */
    @FunctionalInterface
    public interface Teller {
        /**
         * @throws io.headrace.protocol.block.PeerException with NOT_HERE when it cannot be asked at present
         * @throws io.headrace.protocol.OriginException.Refused when it does not tell this process
         */
        ListMountsReply list() throws IOException;
    }

    /** @param file need not be there; its directory must */
    public static KeptDataSets open(Teller master, Path file) throws IOException {
        KeptDataSets kept = new KeptDataSets(master, file, read(file));
        kept.refresher.start();
        return kept;
    }

    @Override
    public Optional<Location> find(MountId mount) throws IOException {
        Optional<Location> known = Optional.ofNullable(locations(told).get(mount));
        if (known.isPresent()) {
            return known;
        }
        refresh();
        return Optional.ofNullable(locations(told).get(mount));
    }

    private static Map<MountId, Location> locations(ListMountsReply told) {
        return told.getMountsList().stream()
                .collect(Collectors.toMap(
                        mounted -> new MountId(mounted.getMountId()), KeptDataSets::location, (a, _) -> a));
    }

    private static Location location(MountedDataSet mounted) {
        DataSet dataSet = mounted.getDataSet();
        return new Location(URI.create(dataSet.getUri()), dataSet.getOptionsMap());
    }

    private synchronized void refresh() throws IOException {
        ListMountsReply now = master.list();
        if (now.equals(told)) {
            return;
        }
        told = now;
        try {
            write(now);
        } catch (IOException e) {
            LOG.warn(
                    "cannot keep the data sets in {}; without its master this worker does not find them after a restart",
                    file,
                    e);
        }
    }

    private void refreshOften() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                refresh();
            } catch (IOException e) {
                LOG.debug("the data sets are not told at present", e);
            }
            try {
                Thread.sleep(REFRESH);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void write(ListMountsReply now) throws IOException {
        byte[] bytes = now.toByteArray();
        ByteBuffer content = ByteBuffer.allocate(Integer.BYTES + bytes.length);
        new DurableFile(file).replace(content.putInt(crc(bytes)).put(bytes).flip());
    }

    private static ListMountsReply read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return ListMountsReply.getDefaultInstance();
        }
        ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(file));
        if (content.remaining() > Integer.BYTES) {
            int crc = content.getInt();
            byte[] bytes = new byte[content.remaining()];
            content.get(bytes);
            if (crc == crc(bytes)) {
                try {
                    return ListMountsReply.parseFrom(bytes);
                } catch (InvalidProtocolBufferException e) {
                    LOG.debug("no list of data sets in {}", file, e);
                }
            }
        }
        LOG.warn("{} is damaged; the master tells the data sets anew", file);
        return ListMountsReply.getDefaultInstance();
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    @Override
    public void close() {
        refresher.interrupt();
    }
}
