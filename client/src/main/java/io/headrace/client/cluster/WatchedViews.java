package io.headrace.client.cluster;

import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.headrace.protocol.Backoff;
import io.headrace.protocol.cluster.ClusterView;
import io.headrace.protocol.cluster.ClusterViews;
import io.headrace.protocol.cluster.KnownViews;
import io.headrace.protocol.cluster.ViewCodec;
import io.headrace.protocol.v1.MembershipGrpc;
import io.headrace.protocol.v1.MembershipGrpc.MembershipBlockingStub;
import io.headrace.protocol.v1.ViewUpdate;
import io.headrace.protocol.v1.WatchViewRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the view of a master on a thread of its own. While the master is away the views stay as they are, and it is
 * tried again and again, at random intervals of up to 5 s. Views never go back: a master that knows only older ones than
 * are known here is taken as away.
 */
public final class WatchedViews implements ClusterViews, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedViews.class);
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));
    private static final long END_SECONDS = 5;
    /** A stream is asked for anew after 10 to 20 minutes, so that one that hangs for any reason ends. */
    private static final long STREAM_SECONDS = 600;

    private final ManagedChannel master;
    private final RandomGenerator random;
    private final Thread thread;
    private final CountDownLatch first = new CountDownLatch(1);
    private volatile KnownViews known = KnownViews.NONE;
    private volatile boolean connected;
    private volatile boolean closed;
    /** Whether this stream told a view. Of the thread alone, as the next. */
    private boolean greeted;

    private int failures;

    private WatchedViews(ManagedChannel master, RandomGenerator random) {
        this.master = master;
        this.random = random;
        thread = Thread.ofVirtual().name("cluster-views").unstarted(this::run);
    }

    /** @param master stays the caller's, who shuts it down after this is closed */
    public static WatchedViews start(ManagedChannel master, RandomGenerator random) {
        WatchedViews views = new WatchedViews(master, random);
        views.thread.start();
        return views;
    }

    @Override
    public ClusterView current() {
        return known.current();
    }

    @Override
    public List<ClusterView> earlier() {
        return known.earlier();
    }

    /** Whether the master tells views now; false while it is away. */
    public boolean isConnected() {
        return connected;
    }

    /** Waits for the first view of the master; false when none came in time. */
    public boolean awaitFirst(Duration patience) throws InterruptedException {
        return first.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The thread's root. */
    // Whatever goes wrong with one stream must not end the following of views for ever.
    @SuppressWarnings("IllegalCatch")
    private void run() {
        while (!closed) {
            try {
                follow();
                lost(new IOException("the master ended the stream"));
            } catch (StatusRuntimeException e) {
                if (!greeted || e.getStatus().getCode() != Status.Code.DEADLINE_EXCEEDED) {
                    lost(e);
                }
            } catch (IOException | RuntimeException e) {
                lost(e);
            }
            pause();
        }
    }

    /** Ends by an exception, or because the master ended the stream; either way the call is cancelled. */
    private void follow() throws IOException {
        greeted = false;
        // gRPC's own pause before it connects again grows to two minutes.
        master.resetConnectBackoff();
        WatchViewRequest request = WatchViewRequest.newBuilder()
                .setKnownEpoch(known.current().epoch())
                .build();
        try (CancellableContext call = Context.current().withCancellation()) {
            Context before = call.attach();
            Iterator<ViewUpdate> updates;
            try {
                updates = stream().watchView(request);
            } finally {
                call.detach(before);
            }
            while (updates.hasNext()) {
                take(updates.next());
            }
        }
    }

    private MembershipBlockingStub stream() {
        long seconds = STREAM_SECONDS + random.nextLong(STREAM_SECONDS);
        return MembershipGrpc.newBlockingStub(master).withDeadlineAfter(seconds, TimeUnit.SECONDS);
    }

    private void take(ViewUpdate update) throws IOException {
        KnownViews newer = ViewCodec.decode(update, known.current());
        if (newer.current().epoch() < known.current().epoch()) {
            throw new IOException(
                    "the master's view has epoch " + newer.current().epoch() + ", and epoch "
                            + known.current().epoch() + " is known here; is it an old copy of the master?");
        }
        known = newer;
        greeted = true;
        failures = 0;
        if (!connected) {
            connected = true;
            LOG.info(
                    "following the master's view, of epoch {} now",
                    newer.current().epoch());
        }
        first.countDown();
    }

    private void lost(Exception why) {
        failures++;
        connected = false;
        if (!closed && failures == 1) {
            LOG.warn(
                    "the master at {} tells no views; going on with that of epoch {}: {}",
                    master.authority(),
                    known.current().epoch(),
                    why instanceof StatusRuntimeException call ? MasterTrouble.why(call) : why.getMessage());
        }
    }

    private void pause() {
        try {
            if (!closed && failures > 0) {
                Thread.sleep(BACKOFF.pause(failures, random));
            }
        } catch (InterruptedException e) {
            // close() interrupts, and has said so in the flag.
            Thread.currentThread().interrupt();
        }
    }

    /** Stops following; the views stay. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            if (!thread.join(Duration.ofSeconds(END_SECONDS))) {
                LOG.warn("the stream of views did not end within {} s", END_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
