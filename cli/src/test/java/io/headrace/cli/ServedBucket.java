package io.headrace.cli;

import io.headrace.protocol.ObjectKey;
import io.headrace.testing.fault.FaultProxy;
import io.headrace.testing.oss.OssServer;
import io.headrace.testing.oss.OssServerOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A bucket whose answers a test can spoil, and its mount. */
record ServedBucket(OssServer server, FaultProxy proxy) implements AutoCloseable {
    private static final String BUCKET = "models";

    /** @param folder is not there yet; for what the bucket stores */
    static ServedBucket start(Path folder) throws IOException {
        OssServer server = OssServer.start(OssServerOptions.of(Files.createDirectory(folder)));
        server.createBucket(BUCKET);
        return new ServedBucket(server, FaultProxy.before(server.endpoint()));
    }

    void put(String key, byte[] content) throws IOException {
        server.put(BUCKET, ObjectKey.of(key), content);
    }

    void remove(String key) throws IOException {
        server.remove(BUCKET, ObjectKey.of(key));
    }

    URI endpoint() {
        return proxy.in(server.endpoint());
    }

    /** As the bucket's owner. */
    static void identify(Launcher headrace) {
        headrace.with("OSS_ACCESS_KEY_ID", OssServerOptions.OWNER.accessKeyId())
                .with("OSS_ACCESS_KEY_SECRET", OssServerOptions.OWNER.accessKeySecret());
    }

    /** {@code headrace mount} with a small cache beside the mount point. */
    Launcher.Outcome mount(Launcher headrace, Path mountPoint, String... more)
            throws IOException, InterruptedException {
        List<Object> line = new ArrayList<>(List.of(
                "mount",
                "--cache",
                mountPoint.resolveSibling("cache") + ":64MiB",
                "--memory=16MiB",
                "--region=" + server.region(),
                "--endpoint=" + endpoint()));
        line.addAll(Arrays.asList(more));
        line.add("oss://" + BUCKET);
        line.add(mountPoint);
        return headrace.run(line.toArray());
    }

    @Override
    public void close() {
        proxy.close();
        server.close();
    }
}
