package io.headrace.worker.local;

import io.headrace.protocol.local.LocalSettings;
import io.headrace.worker.serve.CountedOrigin;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A worker of its own process, which says its port, serves and lends until it is killed. */
public final class LendingWorkerChild {
    private LendingWorkerChild() {}

    /** @param arguments name, directory, directory of sockets */
    public static void main(String[] arguments) throws Exception {
        LendingWorker worker = LendingWorker.start(
                arguments[0],
                Path.of(arguments[1]),
                new CountedOrigin(),
                LocalSettings.defaults().in(Path.of(arguments[2])));
        System.out.println("port " + worker.network().port());
        new CountDownLatch(1).await();
    }
}
