package io.headrace.worker.job;

import com.google.protobuf.ByteString;
import io.headrace.protocol.Blocks;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.ByteSize;
import io.headrace.protocol.FetchReason;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.VersionCodec;
import io.headrace.protocol.v1.ItemResult;
import io.headrace.protocol.v1.JobItem;
import io.headrace.protocol.v1.JobTask;
import io.headrace.protocol.v1.TaskReport;
import io.headrace.store.CachedFile;
import io.headrace.store.PinnedBytes;
import io.headrace.worker.ByteRate;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** One task under way, on one thread; others ask how far it is. */
final class RunningTask {
    private static final int MOST_REASON = 1000;
    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    private final JobTask task;
    private final JobPlace place;
    private final ByteRate rate;
    private final AtomicLong fetched = new AtomicLong();
    private final AtomicLong present = new AtomicLong();
    private final OriginCopy copies;
    private volatile boolean unwanted;

    RunningTask(JobTask task, JobPlace place, OriginCopy.Tools tools) {
        this.task = task;
        this.place = place;
        this.rate = new ByteRate(new ByteSize(task.getMaxBytesPerSecond()));
        this.copies = new OriginCopy(task, tools, rate, new CopyProgress());
    }

    private final class CopyProgress implements OriginCopy.Progress {
        @Override
        public void copied(long bytes) {
            fetched.addAndGet(bytes);
        }

        @Override
        public boolean isUnwanted() {
            return unwanted;
        }

        @Override
        public void reach(String faultPoint) {
            place.faults().reach(faultPoint);
        }
    }

    ByteString id() {
        return task.getId();
    }

    /** Ends it before its next block. */
    void unwanted() {
        unwanted = true;
    }

    TaskReport progress() {
        return TaskReport.newBuilder()
                .setId(task.getId())
                .setBytesFetched(fetched.get())
                .setBytesPresent(present.get())
                .build();
    }

    /** Does all of it; empty when nobody wants it any more. A file that fails does not keep others from being loaded. */
    Optional<TaskReport> run() throws InterruptedException {
        TaskReport.Builder report = TaskReport.newBuilder().setId(task.getId()).setEnded(true);
        for (JobItem item : task.getItemsList()) {
            long fetchedBefore = fetched.get();
            long presentBefore = present.get();
            ItemResult.Builder result = result(item);
            if (unwanted) {
                return Optional.empty();
            }
            report.addResults(result.setBytesFetched(fetched.get() - fetchedBefore)
                    .setBytesPresent(present.get() - presentBefore));
        }
        payOff();
        return unwanted ? Optional.empty() : Optional.of(report.build());
    }

    /** Ends no sooner than its bytes may have come: else the last block of each task would be beyond the job's rate. */
    private void payOff() throws InterruptedException {
        boolean paid = false;
        while (!paid && !unwanted) {
            paid = rate.awaitLoad(LOOK_EVERY);
        }
    }

    /** The root of what is done for one file: whatever goes wrong is its failure, and no other's. */
    @SuppressWarnings("IllegalCatch")
    private ItemResult.Builder result(JobItem item) throws InterruptedException {
        try {
            return switch (task.getKind()) {
                case KIND_LOAD, KIND_CHECK -> ItemResult.newBuilder().setFailure(cached(item));
                case KIND_COPY, KIND_BEGIN, KIND_PARTS, KIND_COMPLETE, KIND_DELETE -> copies.done(item);
                case KIND_UNSPECIFIED, UNRECOGNIZED ->
                    throw new IOException("this worker does not know such tasks: bring it to its master's version");
            };
        } catch (IOException | RuntimeException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedException("the worker ends");
            }
            String reason = Objects.toString(e.getMessage(), e.toString());
            return ItemResult.newBuilder().setFailure(reason.substring(0, Math.min(MOST_REASON, reason.length())));
        }
    }

    private String cached(JobItem item) throws IOException, InterruptedException {
        FileVersion version = VersionCodec.decode(item.getVersion().asReadOnlyByteBuffer());
        if (task.getPinRound() > 0) {
            place.pins().keep(version, task.getPinRound());
        }
        try (CachedFile file = place.store().open(version, place.source())) {
            return task.getKind() == JobTask.Kind.KIND_CHECK ? check(file, item) : load(file, item);
        }
    }

    private String load(CachedFile file, JobItem item) throws IOException, InterruptedException {
        for (int block : item.getBlocksList()) {
            if (unwanted) {
                return "";
            }
            ByteRange range = Blocks.range(block, file.version().lengthBytes());
            load(file, range);
            if (task.getVerify() && file.recheck(range)) {
                load(file, range);
                if (file.recheck(range)) {
                    return "block " + block + " does not keep what was written to it: look at this worker's disk with"
                            + " headrace check";
                }
            }
            place.faults().reach("worker.job.block.loaded");
        }
        return "";
    }

    private void load(CachedFile file, ByteRange range) throws IOException, InterruptedException {
        rate.awaitLoad();
        long before = fetched.get();
        file.load(range, FetchReason.LOAD, (fetchedBytes, presentBytes) -> {
            fetched.addAndGet(fetchedBytes);
            present.addAndGet(presentBytes);
        });
        rate.charge(fetched.get() - before);
    }

    private String check(CachedFile file, JobItem item) throws IOException {
        for (int block : item.getBlocksList()) {
            try (Kept kept =
                    new Kept(file.readNow(Blocks.range(block, file.version().lengthBytes())))) {
                if (!kept.isThere()) {
                    return "not all of it stays cached beside the rest: load less, or give the workers more room";
                }
            }
        }
        return "";
    }

    private record Kept(Optional<PinnedBytes> bytes) implements AutoCloseable {
        boolean isThere() {
            return bytes.isPresent();
        }

        @Override
        public void close() {
            bytes.ifPresent(PinnedBytes::close);
        }
    }
}
