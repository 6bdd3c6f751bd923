package io.headrace.worker.local;

import io.headrace.protocol.RangeSource;
import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.local.LocalSettings;
import io.headrace.worker.serve.Authorizer;
import io.headrace.worker.serve.TestWorker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;

/** A worker that serves over the network and lends past it. */
final class LendingWorker implements AutoCloseable {
    private final TestWorker worker;
    private final LocalParts parts;
    private final SimpleMeterRegistry meters;
    private LocalServer server;

    private LendingWorker(TestWorker worker, LocalParts parts, SimpleMeterRegistry meters) throws IOException {
        this.worker = worker;
        this.parts = parts;
        this.meters = meters;
        this.server = LocalServer.start(parts);
    }

    static LendingWorker start(
            String name, Path directory, RangeSource source, LocalSettings settings, Authorizer authorizer)
            throws IOException {
        TestWorker worker = TestWorker.start(name, directory, source);
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        return new LendingWorker(
                worker,
                new LocalParts(new WorkerId(name), worker.store(), source, authorizer, settings, meters),
                meters);
    }

    static LendingWorker start(String name, Path directory, RangeSource source, LocalSettings settings)
            throws IOException {
        return start(name, directory, source, settings, Authorizer.loopbackOnly());
    }

    Worker worker() {
        return worker.worker();
    }

    TestWorker network() {
        return worker;
    }

    int leases() {
        return server.table().leases();
    }

    long lentBytes() {
        return server.table().lentBytes();
    }

    double answered(String status) {
        return meters.counter("headrace.local.requests", "status", status).count();
    }

    /** Lends no more; serves over the network still. */
    void stopLending() {
        server.close();
    }

    void lendAgain() throws IOException {
        // A registry keeps the gauges of what it saw first.
        server = LocalServer.start(new LocalParts(
                parts.worker(),
                parts.store(),
                parts.source(),
                parts.authorizer(),
                parts.settings(),
                new SimpleMeterRegistry()));
    }

    @Override
    public void close() throws IOException {
        server.close();
        worker.close();
    }
}
