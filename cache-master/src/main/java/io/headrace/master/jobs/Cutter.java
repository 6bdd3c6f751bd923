package io.headrace.master.jobs;

import com.google.protobuf.ByteString;
import io.headrace.protocol.Blocks;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.VersionCodec;
import io.headrace.protocol.cluster.ClusterView;
import io.headrace.protocol.cluster.ClusterViews;
import io.headrace.protocol.cluster.PlacementKey;
import io.headrace.protocol.cluster.RendezvousPlacement;
import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.v1.JobItem;
import io.headrace.protocol.v1.LoadSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Says which worker loads which blocks: those who own them, so that readers find them there. Thread-safe. */
final class Cutter {
    private static final int MOST_BLOCKS = 64;

    private final ClusterViews views;
    private final RendezvousPlacement placement = new RendezvousPlacement();

    Cutter(ClusterViews views) {
        this.views = views;
    }

    /** @param worker who is to do it */
    record Piece(String worker, JobItem item) {}

    Set<String> members() {
        return views.current().workers().stream()
                .map(each -> each.id().value())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** A member that does not drain. */
    boolean ownsBlocks(String worker) {
        return views.current().workers().stream()
                .anyMatch(each -> each.ownsBlocks() && each.id().value().equals(worker));
    }

    /** @throws OriginException.Unavailable while no worker owns blocks */
    List<Piece> cut(LoadSpec spec, SourceFile file) throws OriginException {
        int count = Blocks.count(file.version().lengthBytes());
        List<Integer> all = new ArrayList<>(count);
        for (int block = 0; block < count; block++) {
            all.add(block);
        }
        return cut(spec, file, all, Math.max(1, spec.getReplicas()));
    }

    /** The same for one copy of some blocks, of which the one who should have done it is gone. */
    List<Piece> cutAgain(LoadSpec spec, SourceFile file, List<Integer> blocks) throws OriginException {
        return cut(spec, file, blocks, 1);
    }

    private List<Piece> cut(LoadSpec spec, SourceFile file, List<Integer> blocks, int copies) throws OriginException {
        ClusterView view = views.current();
        PlacementKey key = PlacementKey.of(file.version());
        Map<String, List<Integer>> byWorker = new LinkedHashMap<>();
        for (int block : blocks) {
            List<Worker> owners = placement.owners(key, block, view, copies);
            if (owners.isEmpty()) {
                throw new OriginException.Unavailable("no worker of the cluster takes blocks; start one");
            }
            for (Worker owner : chosen(spec, owners)) {
                byWorker.computeIfAbsent(owner.id().value(), absent -> new ArrayList<>())
                        .add(block);
            }
        }
        List<Piece> pieces = new ArrayList<>();
        byWorker.forEach((worker, own) -> {
            for (int from = 0; from < own.size(); from += MOST_BLOCKS) {
                pieces.add(new Piece(worker, item(file, own.subList(from, Math.min(own.size(), from + MOST_BLOCKS)))));
            }
        });
        return pieces;
    }

    private static List<Worker> chosen(LoadSpec spec, List<Worker> owners) {
        List<Worker> near = owners.stream()
                .filter(owner -> spec.getZonesCount() == 0
                        || owner.topology()
                                .zone()
                                .filter(spec.getZonesList()::contains)
                                .isPresent())
                .filter(owner -> spec.getNodesCount() == 0
                        || spec.getNodesList().contains(owner.topology().host()))
                .toList();
        return near.isEmpty() ? List.of(owners.getFirst()) : near;
    }

    private static JobItem item(SourceFile file, List<Integer> blocks) {
        return JobItem.newBuilder()
                .setPath(ByteString.copyFrom(file.path().asByteBuffer()))
                .setVersion(ByteString.copyFrom(VersionCodec.encode(file.version())))
                .addAllBlocks(blocks)
                .build();
    }

    /** The bytes of an item's blocks. */
    static long bytes(FileVersion version, JobItem item) {
        return item.getBlocksList().stream()
                .mapToLong(block -> Blocks.range(block, version.lengthBytes()).length())
                .sum();
    }
}
