package io.headrace.client.sdk;

import io.headrace.client.block.AffinitySettings;
import io.headrace.client.block.PeerSettings;
import io.headrace.client.names.NamesSettings;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.cluster.MasterEndpoints;
import io.headrace.protocol.cluster.PlacementSettings;
import io.headrace.protocol.local.LocalSettings;
import io.headrace.protocol.tls.TlsSettings;
import java.util.function.Supplier;

/**
 * How a program reaches a cluster, and how much of it it uses.
 *
 * @param tls who the program is; off for plain text
 * @param token asked for at each call and connection; empty where the cluster needs none
 * @param parallelReads how many parts of a large read are under way at a time, 1 to 64, each with a thread of its own; of all
 *     files of one connection
 */
public record ConnectSettings(
        MasterEndpoints master,
        TlsSettings tls,
        Supplier<Bytes> token,
        NamesSettings names,
        PeerSettings peer,
        PlacementSettings placement,
        AffinitySettings affinity,
        LocalSettings local,
        int parallelReads) {
    private static final int MOST_PARALLEL_READS = 64;

    public ConnectSettings {
        if (parallelReads < 1 || parallelReads > MOST_PARALLEL_READS) {
            throw new IllegalArgumentException(
                    "a connection reads 1 to " + MOST_PARALLEL_READS + " parts at a time, and not " + parallelReads);
        }
    }

    /**
     * In plain text, without a token, with the settings that {@code headrace mount} has by default.
     *
     * @param master {@code HOST:PORT}, or several with commas between
     */
    public static ConnectSettings to(String master) {
        return new ConnectSettings(
                MasterEndpoints.parse(master),
                TlsSettings.off(),
                () -> Bytes.EMPTY,
                NamesSettings.defaults(),
                PeerSettings.defaults(),
                PlacementSettings.defaults(),
                AffinitySettings.defaults(),
                LocalSettings.defaults(),
                8);
    }

    public ConnectSettings withTls(TlsSettings identity) {
        return new ConnectSettings(master, identity, token, names, peer, placement, affinity, local, parallelReads);
    }

    /** @param shown asked for at each call and connection */
    public ConnectSettings withToken(Supplier<Bytes> shown) {
        return new ConnectSettings(master, tls, shown, names, peer, placement, affinity, local, parallelReads);
    }

    public ConnectSettings withParallelReads(int parts) {
        return new ConnectSettings(master, tls, token, names, peer, placement, affinity, local, parts);
    }

    /** Where the program stands, and whether it may ask workers elsewhere. */
    public ConnectSettings withAffinity(AffinitySettings place) {
        return new ConnectSettings(master, tls, token, names, peer, placement, place, local, parallelReads);
    }

    /** @param near how workers of this machine are read past the network */
    public ConnectSettings withLocal(LocalSettings near) {
        return new ConnectSettings(master, tls, token, names, peer, placement, affinity, near, parallelReads);
    }

    /** Without the token's value. */
    @Override
    public String toString() {
        return "connection to " + master + (tls.isOn() ? " with TLS" : " in plain text");
    }
}
