package io.headrace.client.block;

import io.headrace.protocol.Setting;
import io.headrace.protocol.cluster.Topology;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Where a client stands, and what it makes of it. */
public record AffinitySettings(
        @Setting(
                value =
                        "Which workers a client asks: near ones first for what they keep (`prefer`), the owner whatever its place"
                                + " (`none`), or only those of its own host, zone or region, which then fetch for it.",
                defaultValue = "prefer")
        Affinity mode,

        @Setting(
                value =
                        "The machine that the client runs on, as its workers call it; empty for the machine's own name.",
                defaultValue = "")
        Optional<String> host,

        @Setting(value = "The zone that the client is in.", defaultValue = "")
        Optional<String> zone,

        @Setting(value = "The region that the client is in.", defaultValue = "")
        Optional<String> region) {
    /** No worker is called so: a machine whose name is not known is near nobody. */
    private static final String NO_NAME = "this-machine-has-no-name";

    public AffinitySettings {
        if (mode == Affinity.REQUIRE_ZONE && zone.isEmpty()) {
            throw new IllegalArgumentException(
                    "affinity.mode is require-zone: say in affinity.zone which zone this is");
        }
        if (mode == Affinity.REQUIRE_REGION && region.isEmpty()) {
            throw new IllegalArgumentException(
                    "affinity.mode is require-region: say in affinity.region which region this is");
        }
    }

    public static AffinitySettings defaults() {
        return new AffinitySettings(Affinity.PREFER, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** @param random gives the client the number by which it spreads its reads */
    public Standpoint standpoint(RandomGenerator random) {
        return new Standpoint(
                new Topology(host.orElseGet(AffinitySettings::machine), zone, region), mode, random.nextLong());
    }

    private static String machine() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return NO_NAME;
        }
    }
}
