package io.headrace.benchmarks.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** JuiceFS with its metadata in SQLite. It keeps files as chunks of its own, so the tree is copied into it first. */
final class JuiceFs implements Peer {
    private final Workbench bench;
    private final Path program;
    private final Path cache;
    private final Path mount;
    private final String metadata;
    private boolean mounted;

    JuiceFs(Workbench bench, S3Origin origin, Path tree) throws IOException, InterruptedException {
        this.bench = bench;
        this.program = bench.repository().resolve(".test-parts/bin/juicefs");
        this.cache = bench.folder("juicefs-cache");
        this.mount = bench.folder("juicefs-mount");
        this.metadata = "sqlite3://" + bench.folder("juicefs-metadata").resolve("db");
        Workbench.command(
                List.of(
                        program.toString(),
                        "format",
                        "--storage",
                        "s3",
                        "--bucket",
                        origin.endpoint() + "/" + S3Origin.BUCKET + "-juicefs",
                        metadata,
                        "peer"),
                Map.of(
                        "ACCESS_KEY", S3Origin.credentials().get("AWS_ACCESS_KEY_ID"),
                        "SECRET_KEY", S3Origin.credentials().get("AWS_SECRET_ACCESS_KEY")));
        mount();
        Workbench.command(List.of("cp", "-r", tree + "/.", mount.toString()));
    }

    @Override
    public String name() {
        return "JuiceFS";
    }

    @Override
    public Path mountCold() throws IOException, InterruptedException {
        close();
        Workbench.deleteTree(cache);
        Files.createDirectories(cache);
        Workbench.dropKernelCaches();
        mount();
        return mount;
    }

    private void mount() throws IOException, InterruptedException {
        Workbench.command(List.of(
                program.toString(),
                "mount",
                "-d",
                "--no-usage-report",
                "--cache-dir",
                cache.toString(),
                "--log",
                bench.scratch().resolve("juicefs.log").toString(),
                metadata,
                mount.toString()));
        mounted = true;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        if (mounted) {
            mounted = false;
            Workbench.command(List.of(program.toString(), "umount", mount.toString()));
        }
    }
}
