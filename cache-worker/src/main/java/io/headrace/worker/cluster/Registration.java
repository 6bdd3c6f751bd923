package io.headrace.worker.cluster;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.headrace.client.cluster.MasterTrouble;
import io.headrace.protocol.Backoff;
import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.cluster.WorkerCodec;
import io.headrace.protocol.cluster.WorkerState;
import io.headrace.protocol.v1.HeartbeatReply;
import io.headrace.protocol.v1.HeartbeatRequest;
import io.headrace.protocol.v1.LeaveReply;
import io.headrace.protocol.v1.LeaveRequest;
import io.headrace.protocol.v1.MembershipGrpc;
import io.headrace.protocol.v1.MembershipGrpc.MembershipBlockingStub;
import io.headrace.protocol.v1.RegisterReply;
import io.headrace.protocol.v1.RegisterRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a worker a member of its cluster, on a thread of its own: registers, says at each interval that it lives, and
 * registers again when the master forgot it. While the master is away it tries at random intervals.
 *
 * <p>Closing only stops that: the worker is suspect after a while, and keeps its blocks if it is back before it is
 * removed. One who does not mean to come back drains first, then {@linkplain #leave leaves}.
 */
public final class Registration implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Registration.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration CALL_PATIENCE = Duration.ofSeconds(5);
    private static final Duration LEAST_PATIENCE = Duration.ofSeconds(1);
    private static final Duration END_PATIENCE = Duration.ofSeconds(5);

    private final ManagedChannel master;
    private final WorkerIdentity identity;
    private final LocalWorker self;
    private final RandomGenerator random;
    private final long process;
    private final Thread thread;
    private final Semaphore wake = new Semaphore(0);
    private volatile RegistrationState state = new RegistrationState.Seeking("");
    private volatile boolean draining;
    private final CountDownLatch drainWanted = new CountDownLatch(1);
    private volatile boolean closed;
    /** Of the thread alone. */
    private Duration interval = LEAST_PATIENCE;

    private boolean known;
    private int failures;

    private Registration(ManagedChannel master, WorkerIdentity identity, LocalWorker self, RandomGenerator random) {
        this.master = master;
        this.identity = identity;
        this.self = self;
        this.random = random;
        process = random.nextLong();
        thread = Thread.ofVirtual().name("registration").unstarted(this::run);
    }

    /**
     * @param master stays the caller's, who shuts it down after this is closed
     * @param random not the same in any two processes
     */
    public static Registration start(
            ManagedChannel master, WorkerIdentity identity, LocalWorker self, RandomGenerator random) {
        Registration registration = new Registration(master, identity, self, random);
        registration.thread.start();
        return registration;
    }

    public RegistrationState state() {
        return state;
    }

    /** Says from now on that this worker hands over its blocks: it owns none any more. */
    public void startDraining() {
        draining = true;
        wake.release();
    }

    /** Whether somebody asked the master that this worker drains and leaves. */
    public boolean isDrainWanted() {
        return drainWanted.getCount() == 0;
    }

    /** Waits until somebody has asked that. */
    public void awaitDrainWanted() throws InterruptedException {
        drainWanted.await();
    }

    /**
     * Stops, and tells the master that this worker is gone.
     *
     * @throws IOException when the master could not be told; it will notice
     */
    public void leave() throws IOException {
        close();
        try {
            LeaveReply _ = calls(CALL_PATIENCE)
                    .leave(LeaveRequest.newBuilder()
                            .setId(identity.id().value())
                            .setProcess(process)
                            .build());
        } catch (StatusRuntimeException e) {
            throw new IOException(
                    "worker " + identity.id() + " could not tell the master at " + master.authority()
                            + " that it leaves; it is removed when it has been silent for long: " + e.getMessage(),
                    e);
        }
    }

    /** The thread's root. */
    // Whatever goes wrong in one turn must not end the membership.
    @SuppressWarnings("IllegalCatch")
    private void run() {
        while (!closed && !(state instanceof RegistrationState.Refused)) {
            try {
                turn();
                failures = 0;
                pause(known ? interval : Duration.ZERO);
            } catch (StatusRuntimeException e) {
                failed(e);
            } catch (IOException | RuntimeException e) {
                seek(e.getMessage() == null ? e.toString() : e.getMessage());
            }
        }
    }

    private void turn() throws IOException {
        if (known) {
            beat();
        } else {
            register();
        }
    }

    private void register() throws IOException {
        Worker worker = new Worker(
                identity.id(),
                self.blocks(),
                self.topology(),
                self.capacityBytes(),
                draining ? WorkerState.DRAINING : WorkerState.ACTIVE);
        master.resetConnectBackoff();
        RegisterReply reply = calls(CALL_PATIENCE)
                .register(RegisterRequest.newBuilder()
                        .setMember(WorkerCodec.encode(worker))
                        .setProcess(process)
                        .setClusterId(identity.cluster().orElse(""))
                        .build());
        identity.belongTo(reply.getClusterId());
        interval = Duration.ofMillis(Math.max(1, reply.getHeartbeatMillis()));
        known = true;
        joined();
        LOG.info("worker {} is a member of cluster {}", identity.id(), reply.getClusterId());
    }

    private void beat() throws IOException {
        HeartbeatReply reply = calls(patience())
                .heartbeat(HeartbeatRequest.newBuilder()
                        .setId(identity.id().value())
                        .setProcess(process)
                        .setDraining(draining)
                        .addAllTiers(WorkerCodec.encode(self.tiers().get()))
                        .build());
        if (reply.getDrainWanted()) {
            drainWanted.countDown();
        }
        joined();
    }

    private void joined() {
        state = new RegistrationState.Joined();
    }

    /** Twice the interval: a master that is slow once is not asked twice, and one that hangs not for long. */
    private Duration patience() {
        Duration twice = interval.multipliedBy(2);
        return twice.compareTo(LEAST_PATIENCE) < 0 ? LEAST_PATIENCE : twice;
    }

    private void failed(StatusRuntimeException e) {
        String why = MasterTrouble.why(e);
        if (known && e.getStatus().getCode() == Status.Code.NOT_FOUND) {
            LOG.info("the master does not know worker {} any more; registering again", identity.id());
            known = false;
        } else if (!known && isFinal(e.getStatus().getCode())) {
            state = new RegistrationState.Refused(why);
            LOG.error("the master at {} refuses worker {}: {}", master.authority(), identity.id(), why);
        } else {
            seek(why);
        }
    }

    private static boolean isFinal(Status.Code code) {
        return code == Status.Code.FAILED_PRECONDITION || code == Status.Code.INVALID_ARGUMENT;
    }

    private void seek(String why) {
        failures++;
        if (failures == 1 && !closed) {
            LOG.warn("the master at {} did not take worker {}: {}", master.authority(), identity.id(), why);
        }
        state = new RegistrationState.Seeking(why);
        Duration longest = known && interval.compareTo(LONGEST_PAUSE) < 0 ? interval : LONGEST_PAUSE;
        Duration first = longest.compareTo(FIRST_PAUSE) < 0 ? longest : FIRST_PAUSE;
        if (known) {
            master.resetConnectBackoff();
        }
        pause(new Backoff(first, longest).pause(failures, random));
    }

    private void pause(Duration time) {
        try {
            if (!closed && wake.tryAcquire(time.toNanos(), TimeUnit.NANOSECONDS)) {
                wake.drainPermits();
            }
        } catch (InterruptedException e) {
            // close() interrupts, and has said so in the flag.
            Thread.currentThread().interrupt();
        }
    }

    private MembershipBlockingStub calls(Duration patience) {
        return MembershipGrpc.newBlockingStub(master).withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            if (!thread.join(END_PATIENCE)) {
                LOG.warn("the registration of worker {} did not end within {}", identity.id(), END_PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!(state instanceof RegistrationState.Refused)) {
            state = new RegistrationState.Ended();
        }
    }
}
