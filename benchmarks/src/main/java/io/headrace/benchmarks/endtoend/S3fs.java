package io.headrace.benchmarks.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** s3fs-fuse with a disk cache. */
final class S3fs implements Peer {
    private final S3Origin origin;
    private final Path cache;
    private final Path mount;
    private final Path password;
    private boolean mounted;

    S3fs(Workbench bench, S3Origin origin) throws IOException {
        this.origin = origin;
        this.cache = bench.folder("s3fs-cache");
        this.mount = bench.folder("s3fs-mount");
        this.password = bench.folder("s3fs-password").resolve("password");
        Files.createFile(password, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                password,
                S3Origin.credentials().get("AWS_ACCESS_KEY_ID") + ":"
                        + S3Origin.credentials().get("AWS_SECRET_ACCESS_KEY"));
    }

    @Override
    public String name() {
        return "s3fs";
    }

    @Override
    public Path mountCold() throws IOException, InterruptedException {
        close();
        Workbench.deleteTree(cache);
        Files.createDirectories(cache);
        Workbench.dropKernelCaches();
        Workbench.command(List.of(
                "s3fs",
                S3Origin.BUCKET,
                mount.toString(),
                "-o",
                "passwd_file=" + password + ",url=" + origin.endpoint() + ",use_path_request_style,use_cache="
                        + cache));
        mounted = true;
        return mount;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        if (mounted) {
            mounted = false;
            Workbench.command(List.of("umount", mount.toString()));
        }
    }
}
