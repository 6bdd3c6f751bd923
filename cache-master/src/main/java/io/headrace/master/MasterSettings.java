package io.headrace.master;

import io.headrace.protocol.Setting;
import io.headrace.protocol.cluster.Endpoint;
import java.nio.file.Path;
import java.util.Optional;

/** Where a cluster's master keeps what it knows, and how it is reached. */
public record MasterSettings(
        @Setting(
                value = "Where it keeps the catalog and the cluster's members.",
                defaultValue = "~/.cache/headrace/master")
        Path directory,

        @Setting(value = "Where it answers workers, clients and commands.", defaultValue = "127.0.0.1:7300")
        Endpoint listen,

        @Setting(
                value = "Where the master answers `/metrics`, `/livez` and `/readyz` over HTTP; empty for nowhere.",
                defaultValue = "")
        Optional<Endpoint> http,

        @Setting(
                value = "Let the master listen on other than loopback addresses, unencrypted: for networks that only"
                        + " the cluster is in.",
                defaultValue = "false")
        boolean allowPlaintext,

        @Setting(
                value =
                        "When another master leads on the directory, wait until that ends, and lead then; else end at once.",
                defaultValue = "false")
        boolean standby) {}
