package io.headrace.worker.peer;

import io.headrace.worker.serve.CountedOrigin;
import io.headrace.worker.serve.TestWorker;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A worker of its own process, which says its port and serves until it is killed. */
public final class WorkerChild {
    private WorkerChild() {}

    /** @param arguments name, directory */
    public static void main(String[] arguments) throws Exception {
        TestWorker worker = TestWorker.start(arguments[0], Path.of(arguments[1]), new CountedOrigin());
        System.out.println("port " + worker.port());
        new CountDownLatch(1).await();
    }
}
