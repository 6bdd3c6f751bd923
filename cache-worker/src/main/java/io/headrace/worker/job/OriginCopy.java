package io.headrace.worker.job;

import com.google.protobuf.ByteString;
import io.headrace.protocol.Backoff;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.Crc32cJoin;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.ObjectKey;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.VersionCodec;
import io.headrace.protocol.v1.ItemResult;
import io.headrace.protocol.v1.JobItem;
import io.headrace.protocol.v1.JobTask;
import io.headrace.protocol.v1.WrittenPart;
import io.headrace.storage.ObjectStatus;
import io.headrace.storage.SharedUpload;
import io.headrace.storage.UnderStore;
import io.headrace.worker.ByteRate;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

/**
 * Does the items of a migrate's task. Each byte that is sent was read of the one version that the item names, since reads ask for it;
 * its CRC32C is taken where it was read. On the task's thread.
 */
final class OriginCopy {
    /** So that a rate is kept to within a piece. */
    private static final int PIECE_BYTES = 256 << 10;

    private static final int VERIFY_BYTES = 1 << 20;
    private static final int MOST_ATTEMPTS = 6;
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(10));

    private final JobTask task;
    private final Tools tools;
    private final Progress progress;
    private final ByteRate rate;

    /** What all tasks of a worker share. */
    record Tools(TaskOrigins origins, PartBuffers buffers) {}

    /** What is told while the task goes on. */
    interface Progress {
        void copied(long bytes);

        /** Nobody wants the task any more: it ends before its next part. */
        boolean isUnwanted();

        void reach(String faultPoint);
    }

    /** @param rate of what is read at the source */
    OriginCopy(JobTask task, Tools tools, ByteRate rate, Progress progress) {
        this.task = task;
        this.tools = tools;
        this.progress = progress;
        this.rate = rate;
    }

    /** @throws IOException when the item failed: why */
    ItemResult.Builder done(JobItem item) throws IOException, InterruptedException {
        FileVersion version = VersionCodec.decode(item.getVersion().asReadOnlyByteBuffer());
        ObjectKey key = new ObjectKey(Bytes.copyOf(item.getPath().asReadOnlyByteBuffer()));
        try (TaskOrigins.Use source = tools.origins()
                        .use(task.getMigrate().getSource(), task.getMigrate().getSourceOptionsMap());
                TaskOrigins.Use target = tools.origins()
                        .use(task.getMigrate().getTarget(), task.getMigrate().getTargetOptionsMap())) {
            OneFile file = new OneFile(source.store(), target.store(), key, version);
            return switch (task.getKind()) {
                case KIND_COPY -> whole(file);
                case KIND_BEGIN -> begin(file, item);
                case KIND_PARTS -> parts(file, item);
                case KIND_COMPLETE -> complete(file, item);
                case KIND_DELETE -> delete(file);
                case KIND_LOAD, KIND_CHECK, KIND_UNSPECIFIED, UNRECOGNIZED ->
                    throw new IllegalStateException("no task of a migrate: " + task.getKind());
            };
        }
    }

    private record OneFile(UnderStore source, UnderStore target, ObjectKey key, FileVersion version) {
        long length() {
            return version.lengthBytes();
        }

        SharedUpload upload(JobItem item) throws IOException {
            return target.resume(key, item.getUpload());
        }
    }

    private ItemResult.Builder whole(OneFile file) throws IOException, InterruptedException {
        try (PartBuffers.Held held = tools.buffers().take(file.length())) {
            ByteBuffer bytes = held.bytes();
            int crc = read(file, file.version().wholeFile(), bytes);
            ObjectStatus now = patiently(() -> file.target().put(file.key(), bytes.rewind()));
            progress.copied(file.length());
            progress.reach("worker.job.file.copied");
            return checked(file, now, crc, task.getVerify());
        }
    }

    private ItemResult.Builder begin(OneFile file, JobItem item) throws IOException, InterruptedException {
        return ItemResult.newBuilder()
                .setUpload(patiently(() -> file.target().begin(file.key(), item.getPartBytes()))
                        .token());
    }

    private ItemResult.Builder parts(OneFile file, JobItem item) throws IOException, InterruptedException {
        SharedUpload upload = file.upload(item);
        ItemResult.Builder result = ItemResult.newBuilder();
        try (PartBuffers.Held held = tools.buffers().take(Math.min(item.getPartBytes(), file.length()))) {
            ByteBuffer bytes = held.bytes();
            for (int i = 0; i < item.getPartCount() && !progress.isUnwanted(); i++) {
                int number = item.getFirstPart() + i;
                long start = (number - 1) * item.getPartBytes();
                ByteRange range = ByteRange.between(start, Math.min(start + item.getPartBytes(), file.length()));
                int crc = read(file, range, bytes);
                String mark = patiently(() -> upload.writePart(number, bytes.rewind()));
                result.addParts(WrittenPart.newBuilder().setMark(mark).setCrc(crc));
                progress.copied(range.length());
                progress.reach("worker.job.part.written");
            }
        }
        return result;
    }

    private ItemResult.Builder complete(OneFile file, JobItem item) throws IOException, InterruptedException {
        SharedUpload upload = file.upload(item);
        List<String> marks =
                item.getPartsList().stream().map(WrittenPart::getMark).toList();
        int crc = joined(file, item);
        try {
            return checked(file, patiently(() -> upload.complete(marks)), crc, task.getVerify());
        } catch (OriginException.NotFound gone) {
            // Somebody completed it, and did not come to say so; or the object is another, which its bytes tell.
            Optional<ObjectStatus> now = patiently(() -> file.target().head(file.key()));
            return checked(file, now.orElseThrow(() -> gone), crc, true);
        }
    }

    private static int joined(OneFile file, JobItem item) {
        Crc32cJoin between = new Crc32cJoin(item.getPartBytes());
        List<WrittenPart> parts = item.getPartsList();
        int crc = parts.getFirst().getCrc();
        for (WrittenPart part : parts.subList(1, Math.max(1, parts.size() - 1))) {
            crc = between.join(crc, part.getCrc());
        }
        long last = file.length() - (parts.size() - 1) * item.getPartBytes();
        return parts.size() == 1
                ? crc
                : new Crc32cJoin(last).join(crc, parts.getLast().getCrc());
    }

    private ItemResult.Builder delete(OneFile file) throws IOException, InterruptedException {
        if (patiently(() -> file.source().head(file.key())).isPresent()) {
            return ItemResult.newBuilder().setLeft(true);
        }
        Optional<ObjectStatus> now = patiently(() -> file.target().head(file.key()));
        if (now.isPresent()) {
            if (!now.get().version(file.target().mountId()).equals(file.version())) {
                throw new IOException("it was changed at the target since that was listed, and so was not removed");
            }
            Optional<ObjectStatus> _ = patiently(() -> {
                file.target().delete(file.key());
                return now;
            });
        }
        return ItemResult.newBuilder();
    }

    /** Fills the buffer with the range, from its start to its limit, and says its CRC. */
    private int read(OneFile file, ByteRange range, ByteBuffer bytes) throws IOException, InterruptedException {
        if (range.isEmpty()) {
            requireEmpty(file);
            bytes.clear().limit(0);
            return 0;
        }
        ByteBuffer _ = patiently(() -> {
            try (ReadableByteChannel channel = file.source().open(file.version(), range)) {
                fill(channel, bytes.clear().limit(Math.toIntExact(range.length())));
            }
            return bytes;
        });
        CRC32C crc = new CRC32C();
        crc.update(bytes.rewind());
        return (int) crc.getValue();
    }

    private void requireEmpty(OneFile file) throws IOException, InterruptedException {
        Optional<ObjectStatus> now = patiently(() -> file.source().head(file.key()));
        if (now.map(status -> status.version(file.source().mountId()))
                .filter(file.version()::equals)
                .isEmpty()) {
            throw new OriginException.VersionChanged("reading " + file.key() + ": it was replaced");
        }
    }

    private void fill(ReadableByteChannel channel, ByteBuffer bytes) throws IOException, InterruptedException {
        int end = bytes.limit();
        while (bytes.position() < end) {
            rate.awaitLoad();
            int before = bytes.position();
            bytes.limit(Math.min(end, before + PIECE_BYTES));
            if (channel.read(bytes) < 0) {
                throw new OriginException.Unavailable("the source ended after " + before + " of " + end + " bytes");
            }
            rate.charge(bytes.position() - before);
        }
    }

    private ItemResult.Builder checked(OneFile file, ObjectStatus now, int crc, boolean reread)
            throws IOException, InterruptedException {
        if (now.lengthBytes() != file.length()) {
            throw new IOException("the target has " + now.lengthBytes() + " bytes of it where " + file.length()
                    + " were sent. Does somebody else write there?");
        }
        FileVersion written = now.version(file.target().mountId());
        if (reread && file.length() > 0 && reread(file.target(), written) != crc) {
            throw new IOException("the target keeps other bytes than were sent. Copy it again, and look at the target's"
                    + " disks and at the network on the way");
        }
        return ItemResult.newBuilder().setTargetVersion(ByteString.copyFrom(VersionCodec.encode(written)));
    }

    private int reread(UnderStore target, FileVersion written) throws IOException, InterruptedException {
        return patiently(() -> {
            CRC32C crc = new CRC32C();
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(VERIFY_BYTES, written.lengthBytes()));
            try (ReadableByteChannel channel = target.open(written, written.wholeFile())) {
                while (channel.read(bytes.clear()) >= 0) {
                    crc.update(bytes.flip());
                }
            }
            return (int) crc.getValue();
        });
    }

    private interface Attempt<T> {
        T make() throws IOException, InterruptedException;
    }

    private <T> T patiently(Attempt<T> attempt) throws IOException, InterruptedException {
        for (int failures = 1; ; failures++) {
            try {
                return attempt.make();
            } catch (OriginException.Unavailable e) {
                if (failures == MOST_ATTEMPTS || progress.isUnwanted()) {
                    throw e;
                }
                Duration pause = BACKOFF.pause(failures, ThreadLocalRandom.current());
                Duration asked = e.retryAfter().orElse(pause);
                TimeUnit.MILLISECONDS.sleep(Math.clamp(
                        asked.toMillis(), pause.toMillis(), BACKOFF.most().toMillis()));
            }
        }
    }
}
