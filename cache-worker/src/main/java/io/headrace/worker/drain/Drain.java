package io.headrace.worker.drain;

import io.headrace.protocol.cluster.ClusterView;
import io.headrace.protocol.cluster.Worker;
import io.headrace.protocol.cluster.WorkerId;
import io.headrace.protocol.cluster.WorkerState;
import io.headrace.worker.cluster.Registration;
import io.headrace.worker.peer.PeerSource.Neighbourhood;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * How a worker goes without loss: it says that it drains, waits for the view in which it owns nothing, hands over, and
 * leaves. It serves all the while. Where there is nobody who could take its blocks it does nothing, and where the master
 * is away it goes as one who crashed.
 */
public final class Drain {
    private static final Duration VIEW_PATIENCE = Duration.ofSeconds(10);
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private final Registration registration;
    private final Neighbourhood neighbourhood;
    private final HandOver handOver;
    private final Vacancies.Survey survey;

    public Drain(Registration registration, Neighbourhood neighbourhood, HandOver handOver, Vacancies.Survey survey) {
        this.registration = registration;
        this.neighbourhood = neighbourhood;
        this.handOver = handOver;
        this.survey = survey;
    }

    /** What a drain came to. */
    public enum End {
        /** All that could be was handed over, and the worker left. */
        DONE,
        /** The time was over, or all others went, too: the worker left with what was left. */
        INCOMPLETE,
        /** No other worker can own blocks; this one is still a member. */
        NOBODY_ELSE,
        /** The master did not answer; this one is still a member. */
        NO_MASTER
    }

    /** @throws IOException when the store or the master failed on the way */
    public End run(Duration patience) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        if (neighbourhood.views().current().workers().stream().noneMatch(this::canTake)) {
            return End.NOBODY_ELSE;
        }
        registration.startDraining();
        if (!awaitView(deadline)) {
            return End.NO_MASTER;
        }
        boolean all = handOver.run(survey.look(), deadline);
        registration.leave();
        return all ? End.DONE : End.INCOMPLETE;
    }

    private boolean canTake(Worker worker) {
        return worker.state() == WorkerState.ACTIVE && !worker.id().equals(self());
    }

    private boolean awaitView(long deadline) throws InterruptedException {
        long until = Math.min(deadline - System.nanoTime(), VIEW_PATIENCE.toNanos()) + System.nanoTime();
        while (ownsBlocks(neighbourhood.views().current())) {
            if (System.nanoTime() - until >= 0) {
                return false;
            }
            Thread.sleep(LOOK_EVERY);
        }
        return true;
    }

    private boolean ownsBlocks(ClusterView view) {
        Optional<Worker> here = view.worker(self());
        return here.isPresent() && here.get().ownsBlocks();
    }

    private WorkerId self() {
        return neighbourhood.self();
    }
}
