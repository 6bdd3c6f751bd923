package io.headrace.cli.control;

import io.headrace.protocol.Namespace;
import io.headrace.protocol.RangeSource;
import io.headrace.protocol.v1.NodeStatus;
import io.headrace.store.BlockStore;
import io.headrace.worker.FileLoader;
import io.headrace.worker.LoadSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;

/** What commands may see of the process, and do to it. */
public interface NodeView {
    NodeStatus status();

    Namespace namespace();

    BlockStore store();

    RangeSource source();

    FileLoader loader();

    LoadSettings loadSettings();

    MeterRegistry meters();

    /**
     * Unmounts and begins to end the process.
     *
     * @param lazy also when somebody uses the mount
     */
    void shutDown(boolean lazy) throws IOException, InterruptedException;
}
