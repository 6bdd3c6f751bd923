package io.headrace.protocol.cluster;

import io.headrace.protocol.FileVersion;
import java.util.List;

/** Says which workers keep a block. Everybody computes the same from an equal view, with nobody to ask. */
public interface Placement {
    /**
     * The owners of a block, the first before its replicas.
     *
     * @param block index in the file
     * @param replicas how many are wanted; fewer come where the view has fewer workers that own blocks
     */
    List<Worker> owners(FileVersion version, int block, ClusterView view, int replicas);
}
