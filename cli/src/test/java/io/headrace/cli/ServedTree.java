package io.headrace.cli;

import io.headrace.protocol.ObjectKey;
import io.headrace.testing.oss.OssServer;
import io.headrace.testing.oss.OssServerOptions;
import io.headrace.testing.seaweed.SeaweedServer;
import io.headrace.testing.web.ScriptedServer;
import io.headrace.testing.web.WebFolder;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The files of an {@link OriginTree} at an origin of one kind, and how {@code headrace mount} reaches them.
 *
 * @param uri what is mounted
 * @param server the address that a proxy can stand before
 * @param options of {@code headrace mount}, without the endpoint
 * @param environment credentials among others
 * @param stop ends the server
 */
record ServedTree(URI uri, URI server, List<String> options, Map<String, String> environment, Stop stop)
        implements AutoCloseable {
    private static final String WEB_FOLDER = "/files/";

    /** The kinds of origin that there are. */
    enum Kind {
        FILE {
            @Override
            ServedTree serve(OriginTree tree, Path folder) throws IOException {
                tree.writeTo(Files.createDirectory(folder));
                return new ServedTree(folder.toUri(), folder.toUri(), List.of(), Map.of(), () -> {});
            }
        },
        OSS {
            @Override
            ServedTree serve(OriginTree tree, Path folder) throws IOException {
                OssServer server = OssServer.start(OssServerOptions.of(Files.createDirectory(folder)));
                server.createBucket("models");
                for (Map.Entry<String, byte[]> file : tree.files().entrySet()) {
                    server.put("models", ObjectKey.of("llama/" + file.getKey()), file.getValue());
                }
                return new ServedTree(
                        URI.create("oss://models/llama"),
                        server.endpoint(),
                        List.of("--region=" + server.region()),
                        Map.of(
                                "OSS_ACCESS_KEY_ID",
                                OssServerOptions.OWNER.accessKeyId(),
                                "OSS_ACCESS_KEY_SECRET",
                                OssServerOptions.OWNER.accessKeySecret()),
                        server::close);
            }
        },
        S3 {
            @Override
            ServedTree serve(OriginTree tree, Path folder) throws IOException, InterruptedException {
                SeaweedServer server = SeaweedServer.start();
                upload(tree, server);
                return new ServedTree(
                        URI.create("s3://models/llama"),
                        server.endpoint(),
                        List.of("--region=us-east-1", "--path-style"),
                        Map.of(
                                "AWS_ACCESS_KEY_ID",
                                SeaweedServer.READER.accessKey(),
                                "AWS_SECRET_ACCESS_KEY",
                                SeaweedServer.READER.secretKey()),
                        server::close);
            }
        },
        HDFS {
            @Override
            ServedTree serve(OriginTree tree, Path folder) throws IOException {
                Configuration configuration = new Configuration();
                configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.toString());
                configuration.set("dfs.client.block.write.locateFollowingBlock.initial.delay.ms", "5");
                MiniDFSCluster cluster = new MiniDFSCluster.Builder(configuration)
                        .numDataNodes(1)
                        .build();
                upload(tree, cluster.getFileSystem());
                URI nameNode = URI.create("hdfs://127.0.0.1:" + cluster.getNameNodePort());
                return new ServedTree(
                        nameNode.resolve("/models/llama"), nameNode, List.of(), Map.of(), () -> cluster.shutdown(true));
            }
        },
        HTTP {
            @Override
            ServedTree serve(OriginTree tree, Path folder) throws IOException {
                WebFolder files = new WebFolder(WebFolder.Kind.FULL);
                tree.files().forEach(files::put);
                ScriptedServer server = ScriptedServer.start(files);
                return new ServedTree(
                        server.uri().resolve(WEB_FOLDER), server.uri(), List.of(), Map.of(), server::close);
            }
        };

        /** @param folder is not there yet; for what the origin stores */
        abstract ServedTree serve(OriginTree tree, Path folder) throws IOException, InterruptedException;
    }

    /** Ends a server. */
    @FunctionalInterface
    interface Stop {
        void stop() throws IOException;
    }

    /** Mounts with a small cache below {@code folder}; through {@code server}, which stands for the origin's own. */
    Launcher.Outcome mount(Launcher headrace, URI server, Path folder) throws IOException, InterruptedException {
        environment.forEach(headrace::with);
        List<Object> line =
                new ArrayList<>(List.of("mount", "--cache", folder.resolve("cache") + ":64MiB", "--memory=16MiB"));
        line.addAll(options);
        boolean bucket = uri.getScheme().equals("oss") || uri.getScheme().equals("s3");
        if (bucket) {
            line.add("--endpoint=" + server);
        }
        line.add(bucket || uri.getScheme().equals("file") ? uri : server.resolve(uri.getRawPath()));
        line.add(folder.resolve("mount"));
        return headrace.run(line.toArray());
    }

    private static void upload(OriginTree tree, SeaweedServer server) {
        try (S3Client client = S3Client.builder()
                .httpClientBuilder(ApacheHttpClient.builder())
                .endpointOverride(server.endpoint())
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(SeaweedServer.ADMIN.accessKey(), SeaweedServer.ADMIN.secretKey())))
                .build()) {
            client.createBucket(ask -> ask.bucket("models"));
            tree.files()
                    .forEach((name, content) -> client.putObject(
                            ask -> ask.bucket("models").key("llama/" + name), RequestBody.fromBytes(content)));
        }
    }

    private static void upload(OriginTree tree, FileSystem files) throws IOException {
        for (Map.Entry<String, byte[]> file : tree.files().entrySet()) {
            try (OutputStream output =
                    files.create(new org.apache.hadoop.fs.Path(null, null, "/models/llama/" + file.getKey()))) {
                output.write(file.getValue());
            }
        }
    }

    @Override
    public void close() throws IOException {
        stop.stop();
    }
}
