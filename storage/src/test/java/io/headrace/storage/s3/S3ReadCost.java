package io.headrace.storage.s3;

import com.sun.management.OperatingSystemMXBean;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.ObjectKey;
import io.headrace.storage.ListingRequest;
import io.headrace.storage.ObjectStatus;
import io.headrace.storage.ObjectUpload;
import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreOptions;
import io.headrace.storage.UnderStores;
import io.headrace.testing.seaweed.SeaweedServer;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Compares reading by {@link UnderStore#open} with a plain download by the same SDK, 8 ranges at a time, from a local
 * SeaweedFS: rate and processor seconds of this process for a gigabyte. Prints how long opening a store and its first
 * listing took in this fresh JVM, too.
 */
final class S3ReadCost {
    private static final int PARALLEL = 8;
    private static final int RANGE_BYTES = 8 << 20;
    private static final int OBJECT_BYTES = 512 << 20;
    private static final int ROUNDS = 5;

    private interface Reader {
        long read(ByteRange range) throws Exception;
    }

    private S3ReadCost() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("headrace-cost-");
        SeaweedServer server = SeaweedServer.start();
        try {
            Path credentials = SeaweedBuckets.credentialsFile(SeaweedServer.ADMIN, folder);
            long begin = System.nanoTime();
            UnderStore missing = open(server, credentials, "s3://no-such-bucket");
            long opened = System.nanoTime();
            try {
                missing.list(ListingRequest.all());
            } catch (IOException expected) {
                print("open %.3f s, first answer %.3f s", seconds(opened - begin), seconds(System.nanoTime() - begin));
            }
            missing.close();
            measure(server, credentials);
        } finally {
            server.close();
            Files.delete(folder.resolve("credentials-admin"));
            Files.delete(folder);
        }
    }

    private static UnderStore open(SeaweedServer server, Path credentials, String uri) throws Exception {
        return UnderStores.open(
                URI.create(uri),
                UnderStoreOptions.parse(
                        Map.of("endpoint", server.endpoint().toString(), "credentials-file", credentials.toString())));
    }

    private static void measure(SeaweedServer server, Path credentials) throws Exception {
        try (SeaweedBuckets buckets = SeaweedBuckets.of(server);
                UnderStore store = open(server, credentials, "s3://" + buckets.newBucket());
                ExecutorService threads = Executors.newFixedThreadPool(PARALLEL)) {
            FileVersion version = write(store).version(store.mountId());
            S3Client client = buckets.administrator();
            ThreadLocal<ByteBuffer> direct = ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(RANGE_BYTES));
            ThreadLocal<byte[]> heap = ThreadLocal.withInitial(() -> new byte[128 << 10]);
            Reader byStore = range -> {
                ByteBuffer target = direct.get().clear();
                try (ReadableByteChannel channel = store.open(version, range)) {
                    while (channel.read(target) >= 0) {}
                }
                return target.position();
            };
            Reader bySdk = range -> {
                long total = 0;
                try (InputStream body = client.getObject(ask -> ask.bucket("bucket-1")
                        .key("object")
                        .range("bytes=" + range.offset() + "-" + (range.end() - 1)))) {
                    for (int count = 0; count >= 0; count = body.read(heap.get())) {
                        total += count;
                    }
                }
                return total;
            };
            for (int round = 0; round < ROUNDS; round++) {
                run("store", threads, byStore);
                run("sdk  ", threads, bySdk);
            }
        }
    }

    private static ObjectStatus write(UnderStore store) throws Exception {
        try (ObjectUpload upload = store.create(ObjectKey.of("object"))) {
            byte[] part = new byte[32 << 20];
            new Random(1).nextBytes(part);
            for (int number = 1; number <= OBJECT_BYTES / part.length; number++) {
                upload.writePart(number, ByteBuffer.wrap(part));
            }
            return upload.complete();
        }
    }

    private static void run(String name, ExecutorService threads, Reader reader) throws Exception {
        AtomicLong next = new AtomicLong();
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpu = system.getProcessCpuTime();
        long begin = System.nanoTime();
        List<Future<Long>> readers = new ArrayList<>();
        for (int i = 0; i < PARALLEL; i++) {
            readers.add(threads.submit(() -> {
                long total = 0;
                for (long at = next.getAndAdd(RANGE_BYTES); at < OBJECT_BYTES; at = next.getAndAdd(RANGE_BYTES)) {
                    total += reader.read(new ByteRange(at, RANGE_BYTES));
                }
                return total;
            }));
        }
        long total = 0;
        for (Future<Long> each : readers) {
            total += each.get();
        }
        double wall = seconds(System.nanoTime() - begin);
        double gigabytes = total / 1e9;
        print(
                "%s %.2f GB/s, %.2f CPU-s/GB",
                name, gigabytes / wall, seconds(system.getProcessCpuTime() - cpu) / gigabytes);
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }

    private static void print(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
