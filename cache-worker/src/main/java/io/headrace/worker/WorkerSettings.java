package io.headrace.worker;

import io.headrace.protocol.Setting;
import io.headrace.protocol.cluster.Endpoint;
import io.headrace.protocol.cluster.MasterEndpoints;
import io.headrace.protocol.cluster.Topology;
import java.util.Optional;

/** Where a worker of a cluster stands, and how it is reached. */
public record WorkerSettings(
        @Setting(
                value = "The master that the worker belongs to, with those that stand by.",
                defaultValue = "127.0.0.1:7300")
        MasterEndpoints master,

        @Setting(value = "Where the worker serves blocks.", defaultValue = "127.0.0.1:7301")
        Endpoint listen,

        @Setting(
                value =
                        "Where others reach it; empty when that is where it listens. Needed behind a translated address.",
                defaultValue = "")
        Optional<Endpoint> advertise,

        @Setting(
                value = "Where the worker answers `/metrics`, `/livez` and `/readyz` over HTTP; empty for nowhere.",
                defaultValue = "")
        Optional<Endpoint> http,

        @Setting(
                value = "The machine that it runs on, for placing replicas apart; empty for the machine's own name.",
                defaultValue = "")
        Optional<String> host,

        @Setting(value = "The zone of the machine, for placing replicas apart.", defaultValue = "")
        Optional<String> zone,

        @Setting(value = "The region of the machine.", defaultValue = "")
        Optional<String> region,

        @Setting(
                value = "Let the worker listen on other than loopback addresses, unencrypted: for networks that only"
                        + " the cluster is in.",
                defaultValue = "false")
        boolean allowPlaintext) {
    public Endpoint reachedAt() {
        return advertise.orElse(listen);
    }

    /** @param machine the name of this machine */
    public Topology topology(String machine) {
        return new Topology(host.orElse(machine), zone, region);
    }
}
