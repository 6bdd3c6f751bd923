package io.headrace.cli.worker;

import io.headrace.cli.settings.Settings;
import io.headrace.worker.local.LocalParts;
import io.headrace.worker.local.LocalServer;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lends the worker's files to clients of its machine, where it can. */
final class LocalLending {
    private static final Logger LOG = LoggerFactory.getLogger(LocalLending.class);

    private LocalLending() {}

    /**
     * Empty where the settings turn it off, and where the usual directory cannot be used: clients read over the network then.
     *
     * @throws IOException when a directory that somebody named cannot be used
     */
    static Optional<LocalServer> start(Settings settings, LocalParts parts) throws IOException {
        if (!settings.local().enabled()) {
            return Optional.empty();
        }
        try {
            return Optional.of(LocalServer.start(parts));
        } catch (IOException failure) {
            if (settings.says("local.directory")) {
                throw failure;
            }
            LOG.warn("clients of this machine read over the network: {}", failure.getMessage());
            return Optional.empty();
        }
    }
}
