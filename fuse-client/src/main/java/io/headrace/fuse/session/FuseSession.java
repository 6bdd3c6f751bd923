package io.headrace.fuse.session;

import io.headrace.fuse.FuseSettings;
import io.headrace.fuse.MountContent;
import io.headrace.fuse.kernel.FuseDevice;
import io.headrace.protocol.Namespace;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves one connection until it is unmounted.
 *
 * <p><b>Threads.</b> A few platform threads ({@code fuse.threads}) take requests from the one device in turn
 * ({@link RequestLoop}). A request is answered by the thread that took it, but for a READ of bytes that are
 * not here: that one is left with the store as a {@link PendingRead}, and the thread that completes it answers. So no
 * thread of the session ever waits for an origin, except where the namespace asks one to revalidate a name. One thread
 * does the housekeeping (idle files, interrupted reads), one tells the kernel of changes ({@link Invalidations}), one
 * lists directories for {@link SiblingPrefetch}, one looks up shards for {@link NextFilePrefetch}.
 *
 * <p><b>Nodes are computed.</b> Node ids follow from entry ids and the way of reading ({@link NodeId}), handles of files
 * are their node ids: there is no inode table, forgets need no counting, and a successor of a dead process computes the
 * same numbers. What it cannot compute, the backing ids, is in the {@link BackingLedger}.
 *
 * <p><b>Order of locks.</b> The maps' own: {@code Backings} holds a file's entry while it opens a cached file, asks it to
 * hand out and calls the ledger; {@code OpenFile} holds itself while it opens a cached file; {@code DirectoryHandle}
 * holds itself while it reads the namespace. None of them takes another of this package. The kernel's directory lock is
 * outermost: it is held around LOOKUP and READDIR, and by invalidations, which therefore have a thread of their own.
 */
public final class FuseSession implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FuseSession.class);

    private static final Duration HOUSEKEEPING = Duration.ofMillis(100);

    private final FuseDevice device;
    private final RequestLoop loop;
    private final OpenFiles openFiles;
    private final Backings backings;
    private final DirectoryHandles directories;
    private final PendingReads pending;
    private final SiblingPrefetch siblings;
    private final NextFilePrefetch nextFiles;
    private final Invalidations invalidations;
    private final Namespace.Subscription subscription;
    private final ScheduledExecutorService housekeeping = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("headrace-fuse-housekeeping").factory());
    private volatile Future<?> keeping = CompletableFuture.completedFuture(null);
    private final CountDownLatch serving;
    private final List<Thread> threads = new ArrayList<>();

    /**
     * What of a session depends on the mount rather than on its content.
     *
     * @param noPassthrough why the kernel cannot read files by itself; empty when it can
     * @param descriptorBudget most files handed to the kernel at once
     * @param generation how many processes served this connection before
     */
    public record Connection(
            FuseDevice device,
            Optional<String> noPassthrough,
            BackingLedger ledger,
            int descriptorBudget,
            int generation) {}

    /** Makes a session that does not serve yet. */
    public FuseSession(Connection connection, MountContent content, FuseSettings settings, MeterRegistry registry) {
        LongSupplier ticker = System::nanoTime;
        this.device = connection.device();
        FuseMetrics metrics = new FuseMetrics(registry);
        Tree tree = new Tree(content.namespace(), settings);
        this.openFiles = new OpenFiles(content.files(), content.readAhead(), settings.maxOpenFiles(), ticker);
        this.backings = new Backings(
                device,
                content.files(),
                connection.ledger(),
                connection.descriptorBudget(),
                ticker,
                connection.noPassthrough());
        this.directories = new DirectoryHandles(content.namespace(), settings.maxOpenFiles(), connection.generation());
        this.pending = new PendingReads();
        this.siblings = new SiblingPrefetch(
                content.namespace(),
                content.files(),
                content.siblings(),
                settings.smallFile().bytes());
        this.nextFiles = new NextFilePrefetch(content.namespace(), openFiles);
        this.invalidations = new Invalidations(device, tree, metrics);
        ServedReads reads =
                new ServedReads(device, openFiles, pending, new ServedReads.Neighbours(siblings, nextFiles), metrics);
        FileRequests files = new FileRequests(tree, openFiles, backings, reads, invalidations, metrics, settings);
        Dispatcher dispatcher = new Dispatcher(
                new TreeRequests(tree, directories, files),
                files,
                new ExtendedAttributes(tree, openFiles),
                pending,
                metrics);
        this.loop = new RequestLoop(device, dispatcher, metrics, new Semaphore(1));
        if (connection.generation() > 0) {
            backings.refrainFromRedirects();
        }
        backings.regainLoans(tree);
        this.subscription = content.namespace().subscribe(invalidations::changed);
        this.serving = new CountDownLatch(settings.threads());
        metrics.gauge("headrace.fuse.open.served", openFiles::size);
        metrics.gauge("headrace.fuse.open.passthrough", backings::size);
        metrics.gauge("headrace.fuse.open.directories", directories::size);
        metrics.gauge("headrace.fuse.reads.waiting", pending::size);
    }

    /** Starts the threads. */
    public void start() {
        ThreadFactory factory =
                Thread.ofPlatform().daemon().name("headrace-fuse-", 0).factory();
        for (long i = serving.getCount(); i > 0; i--) {
            Thread thread = factory.newThread(this::serve);
            threads.add(thread);
            thread.start();
        }
        long period = HOUSEKEEPING.toMillis();
        keeping = housekeeping.scheduleWithFixedDelay(this::keepHouse, period, period, TimeUnit.MILLISECONDS);
    }

    /** Why files are served that could be passed through; empty when the kernel reads them by itself. */
    public Optional<String> noPassthrough() {
        return backings.unavailable();
    }

    /** Waits until the file system is unmounted and nobody uses it any more; false when that takes longer. */
    public boolean awaitEnd(Duration limit) throws InterruptedException {
        return serving.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void serve() {
        try {
            loop.run();
        } finally {
            serving.countDown();
        }
    }

    private void keepHouse() {
        try {
            pending.sweep();
            openFiles.sweep();
            backings.sweep();
        } catch (Throwable failure) {
            LOG.error("housekeeping of the mount failed; it goes on", failure);
        }
    }

    /** Ends the session; call it when the connection has ended. Returns what the store lent. */
    @Override
    public void close() throws IOException {
        subscription.close();
        keeping.cancel(false);
        housekeeping.shutdownNow();
        siblings.close();
        nextFiles.close();
        invalidations.close();
        directories.close();
        openFiles.close();
        backings.close();
    }
}
