package io.headrace.protocol.local;

import io.headrace.protocol.Setting;
import io.headrace.protocol.unix.RuntimeDirectory;
import java.nio.file.Path;
import java.util.Optional;

/** How a worker lends its files to clients of its machine, and how these use them. */
public record LocalSettings(
        @Setting(
                value = "Whether a worker lends its files to clients of its machine, and a client reads them by"
                        + " descriptors that it is given, past the network.",
                defaultValue = "true")
        boolean enabled,

        @Setting(
                value = "Where the workers of a machine have their sockets, and clients look for them; empty for"
                        + " `workers` in the directory of the user's mounts (`$XDG_RUNTIME_DIR/headrace`, `/run/headrace`"
                        + " or `/tmp/headrace-USER`).",
                defaultValue = "")
        Optional<Path> directory,

        @Setting(
                value =
                        "A group whose members may read by descriptors too; empty for root and the worker's own user alone.",
                defaultValue = "")
        Optional<String> group,

        @Setting(value = "Most clients of a machine that a worker lends to at a time.", defaultValue = "64")
        int mostClients,

        @Setting(value = "Most files that a worker lends at a time, to all clients together.", defaultValue = "4096")
        int mostLeases,

        @Setting(
                value = "How much of a tier may be lent, in percent: what is lent is not evicted to make room.",
                defaultValue = "75")
        int mostLentPercent,

        @Setting(value = "Most files that one client keeps lent by one worker.", defaultValue = "256")
        int mostOpenFiles) {

    public LocalSettings {
        if (mostClients < 1 || mostLeases < 1 || mostOpenFiles < 1 || mostOpenFiles > 0xffff) {
            throw new IllegalArgumentException(
                    "local.most-clients, local.most-leases and local.most-open-files are at least 1, the last at most 65535");
        }
        if (mostLentPercent < 1 || mostLentPercent > 100) {
            throw new IllegalArgumentException("local.most-lent-percent is 1 to 100, and not " + mostLentPercent);
        }
    }

    public static LocalSettings defaults() {
        return new LocalSettings(true, Optional.empty(), Optional.empty(), 64, 4096, 75, 256);
    }

    /** Everything over the network. */
    public static LocalSettings off() {
        return new LocalSettings(false, Optional.empty(), Optional.empty(), 64, 4096, 75, 256);
    }

    /** The same with sockets elsewhere. */
    public LocalSettings in(Path other) {
        return new LocalSettings(
                enabled, Optional.of(other), group, mostClients, mostLeases, mostLentPercent, mostOpenFiles);
    }

    /** The same with these bounds. */
    public LocalSettings bounded(int clients, int leases, int lentPercent, int openFiles) {
        return new LocalSettings(enabled, directory, group, clients, leases, lentPercent, openFiles);
    }

    public LocalSockets sockets() {
        return new LocalSockets(
                directory.orElseGet(() -> RuntimeDirectory.usual().resolve("workers")), directory.isPresent());
    }
}
