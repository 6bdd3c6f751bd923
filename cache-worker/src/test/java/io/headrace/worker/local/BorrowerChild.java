package io.headrace.worker.local;

import io.headrace.client.local.LocalPart;
import io.headrace.client.local.NodeStores;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.local.LocalSettings;
import io.headrace.worker.peer.SetViews;
import io.headrace.worker.serve.CountedOrigin;
import io.headrace.worker.serve.TestWorker;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** A client of its own process, which borrows a file, says what it read of it and keeps it until it is killed. */
public final class BorrowerChild {
    private BorrowerChild() {}

    /** @param arguments the worker's name, directory of sockets, the file's key and length */
    public static void main(String[] arguments) throws Exception {
        SetViews views = new SetViews(TestWorker.workerAt(arguments[0], 1));
        FileVersion file = CountedOrigin.version(arguments[2], Long.parseLong(arguments[3]));
        NodeStores stores =
                new NodeStores(views, LocalSettings.defaults().in(Path.of(arguments[1])), () -> Bytes.EMPTY);
        Optional<LocalPart> part = stores.find(file, new ByteRange(0, 1000), id -> true);
        System.out.println(part.isPresent() ? "read " + part.get().read(ByteBuffer.allocate(1000)) : "read nothing");
        new CountDownLatch(1).await();
    }
}
