package io.headrace.worker.drain;

import io.headrace.client.block.BlockRoute.Stop;
import io.headrace.client.block.WorkerQuestions;
import io.headrace.protocol.Blocks;
import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FileVersion;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.block.PeerException;
import io.headrace.protocol.block.Reach;
import io.headrace.protocol.block.Status;
import io.headrace.protocol.cluster.ClusterView;
import io.headrace.protocol.cluster.Worker;
import io.headrace.worker.ByteRate;
import io.headrace.worker.drain.HandOverTally.Outcome;
import io.headrace.worker.peer.PeerSource.Neighbourhood;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has one block taken by its new owner. That is asked for the block's last byte: if it lacks it, it fills itself with the
 * whole block, and asks who drains before the origin. Then it is asked whether it keeps it, since one whose tiers are full
 * of what is in use would pass it on only. In the place of an owner that has no room comes a replica, where the owner looks
 * for it; in that of one that fails, the next in line, who is the owner when that one is gone. All of them are asked again
 * after a pause, by the view of then.
 */
final class BlockGiver {
    private static final Logger LOG = LoggerFactory.getLogger(BlockGiver.class);
    private static final int SPARE_OWNERS = 2;
    private static final int ROUNDS = 5;
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration MOST_PATIENCE = Duration.ofSeconds(10);
    private static final int LOOKS = 20;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    private enum Answer {
        KEEPS,
        HAS_NO_ROOM,
        FAILED
    }

    private final Neighbourhood neighbourhood;
    private final WorkerQuestions questions;
    private final Vacancies vacancies;
    private final ByteRate rate;
    private final long deadline;

    BlockGiver(HandOver.Parts parts, Vacancies vacancies, ByteRate rate, long deadline) {
        this.neighbourhood = parts.neighbourhood();
        this.questions = new WorkerQuestions(parts.connections());
        this.vacancies = vacancies;
        this.rate = rate;
        this.deadline = deadline;
    }

    /** @param range of the block */
    Outcome give(FileVersion version, ByteRange range) throws InterruptedException {
        Outcome outcome = Outcome.FAILED;
        for (int round = 1; round <= ROUNDS && outcome == Outcome.FAILED && !isLate(); round++) {
            if (round > 1) {
                Thread.sleep(PAUSE.multipliedBy(1L << (round - 2)));
            }
            outcome = round(version, range);
        }
        return outcome;
    }

    private Outcome round(FileVersion version, ByteRange range) throws InterruptedException {
        int replicas = neighbourhood.replicas();
        int block = Blocks.indexAt(range.offset());
        ClusterView view = neighbourhood.views().current();
        List<Worker> owners = neighbourhood.placement().owners(version, block, view, replicas + SPARE_OWNERS);
        boolean full = false;
        for (int place = 0; place < owners.size() && !(full && place >= replicas); place++) {
            switch (offer(owners.get(place), version, range)) {
                case KEEPS -> {
                    return Outcome.HANDED_OVER;
                }
                case HAS_NO_ROOM -> full = true;
                case FAILED -> {}
            }
        }
        return full ? Outcome.SKIPPED : Outcome.FAILED;
    }

    private Answer offer(Worker owner, FileVersion version, ByteRange range) throws InterruptedException {
        ByteRange last = ByteRange.between(range.end() - 1, range.end());
        try {
            if (keeps(owner, version, last)) {
                return Answer.KEEPS;
            }
            if (!vacancies.take(owner.id(), range.length())) {
                return Answer.HAS_NO_ROOM;
            }
            rate.awaitLoad();
            rate.charge(range.length());
            questions.read(new Stop(owner, Reach.ORIGIN), version, last, patience());
            for (int look = 0; look < LOOKS; look++) {
                if (keeps(owner, version, last)) {
                    return Answer.KEEPS;
                }
                Thread.sleep(BETWEEN_LOOKS);
            }
            return Answer.HAS_NO_ROOM;
        } catch (PeerException | OriginException refused) {
            LOG.debug("worker {} did not take {} of {}", owner.id(), range, version, refused);
            return Answer.FAILED;
        } catch (IOException unreachable) {
            LOG.debug("worker {} cannot take {} of {}", owner.id(), range, version, unreachable);
            return Answer.FAILED;
        }
    }

    private boolean keeps(Worker owner, FileVersion version, ByteRange byteOfIt)
            throws IOException, InterruptedException {
        try {
            questions.read(new Stop(owner, Reach.CACHED), version, byteOfIt, patience());
            return true;
        } catch (PeerException answer) {
            if (answer.status() == Status.NOT_HERE) {
                return false;
            }
            throw answer;
        }
    }

    private Duration patience() {
        Duration left = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
        return left.compareTo(MOST_PATIENCE) < 0 ? left : MOST_PATIENCE;
    }

    private boolean isLate() {
        return deadline - System.nanoTime() <= 0;
    }
}
