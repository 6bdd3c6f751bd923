package io.headrace.worker.dataset;

import com.google.protobuf.InvalidProtocolBufferException;
import io.headrace.protocol.ChecksummedFile;
import io.headrace.protocol.ChecksummedFile.DamagedException;
import io.headrace.protocol.MountId;
import io.headrace.protocol.v1.DataSet;
import io.headrace.protocol.v1.ListMountsReply;
import io.headrace.protocol.v1.MountedDataSet;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data sets of a cluster as this process was last told of them, kept in a file: a worker reads their origins while the master
 * is away, after a restart too. The master is asked at the start, every ten seconds, and when an origin is wanted that is not
 * known. Thread-safe.
 *
 * <p>The file is a {@link ListMountsReply}. A damaged one counts as none.
 */
public final class KeptDataSets implements DataSetDirectory, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeptDataSets.class);
    /** How old what is known may be while the master answers. */
    public static final Duration REFRESH = Duration.ofSeconds(10);

    private final Teller master;
    private final ChecksummedFile file;
    private final Listener listener;
    private final Thread refresher = Thread.ofVirtual().name("data-sets").unstarted(this::refreshOften);
    private volatile Known known;

    private KeptDataSets(Teller master, ChecksummedFile file, Listener listener, ListMountsReply told) {
        this.master = master;
        this.listener = listener;
        this.file = file;
        this.known = new Known(told);
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

    /** Hears what was told, each time that it is, on one thread at a time. */
    @FunctionalInterface
    public interface Listener {
        void told(ListMountsReply dataSets);
    }

    /** @param file need not be there; its directory must */
    public static KeptDataSets open(Teller master, Path file, Listener listener) throws IOException {
        ChecksummedFile list = new ChecksummedFile(file, "");
        KeptDataSets kept = new KeptDataSets(master, list, listener, read(list));
        kept.refresher.start();
        return kept;
    }

    @Override
    public Optional<Location> find(MountId mount) throws IOException {
        if (!known.locations().containsKey(mount)) {
            refresh();
        }
        return Optional.ofNullable(known.locations().get(mount));
    }

    /** Of the data sets that are known. */
    public Set<MountId> mounts() {
        return known.locations().keySet();
    }

    private record Known(ListMountsReply told, Map<MountId, Location> locations) {
        Known(ListMountsReply told) {
            this(
                    told,
                    told.getMountsList().stream()
                            .collect(Collectors.toUnmodifiableMap(
                                    mounted -> new MountId(mounted.getMountId()),
                                    KeptDataSets::location,
                                    (first, _) -> first)));
        }
    }

    private static Location location(MountedDataSet mounted) {
        DataSet dataSet = mounted.getDataSet();
        return new Location(URI.create(dataSet.getUri()), dataSet.getOptionsMap());
    }

    /** What was told is kept before it is known: who heard of it finds it after a restart, too. */
    private synchronized void refresh() throws IOException {
        ListMountsReply now = master.list();
        listener.told(now);
        if (now.equals(known.told())) {
            return;
        }
        try {
            file.replace(now.toByteArray());
        } catch (IOException e) {
            LOG.warn(
                    "cannot keep the data sets in {}; without its master this worker does not find them after a restart",
                    file,
                    e);
        }
        known = new Known(now);
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

    private static ListMountsReply read(ChecksummedFile file) throws IOException {
        try {
            Optional<ByteBuffer> message = file.read();
            return message.isEmpty() ? ListMountsReply.getDefaultInstance() : ListMountsReply.parseFrom(message.get());
        } catch (DamagedException | InvalidProtocolBufferException e) {
            LOG.warn("{} is damaged ({}); the master tells the data sets anew", file.path(), e.getMessage());
            return ListMountsReply.getDefaultInstance();
        }
    }

    @Override
    public void close() {
        refresher.interrupt();
    }
}
