package io.headrace.testing.faults;

import io.headrace.testing.origin.VersionedFiles;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Starts a cluster and readers, and tries one fault after the other: it is brought in, held, put right, and given time to
 * be got over; then each reader ends what it was at. What readers met from its beginning to that end is its result.
 */
public final class FaultSuite {
    private static final int FILES = 16;
    private static final int FILE_BYTES = 6 << 20;
    private static final int READERS = 2;
    private static final int MOST_WORKERS = 6;
    private static final Duration WARM_UP = Duration.ofSeconds(4);
    /** Longer than names may be old, and than a worker takes to be in the view. */
    private static final Duration SETTLE = Duration.ofSeconds(4);

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    /** docs/semantics.md: a client adds at most a tenth of the bound. */
    private static final Duration STALENESS =
            FaultCluster.STALENESS.multipliedBy(11).dividedBy(10);

    private final FaultPlan plan;
    private final Random random;
    private final List<Fault> all;

    private FaultSuite(FaultPlan plan) {
        this.plan = plan;
        this.random = new Random(plan.seed());
        this.all = Faults.all(plan.workers(), MOST_WORKERS);
    }

    /** @throws IOException when the cluster could not be started, a fault not be made, or a reader hangs */
    public static FaultReport run(FaultPlan plan) throws IOException, InterruptedException {
        return new FaultSuite(plan).run();
    }

    private FaultReport run() throws IOException, InterruptedException {
        VersionedFiles files = new VersionedFiles(plan.seed(), FILES, FILE_BYTES);
        VersionHistory history = new VersionHistory();
        List<FaultResult> results = new ArrayList<>();
        try (FaultCluster cluster = FaultCluster.start(plan, files, MOST_WORKERS);
                SteadyLoad load = SteadyLoad.start(cluster.mount(), files, history, READERS);
                OriginWriter writer = new OriginWriter(cluster.origin(), files, history)) {
            TimeUnit.MILLISECONDS.sleep(WARM_UP.toMillis());
            long end = System.nanoTime() + plan.length().toNanos();
            do {
                for (Fault fault : round()) {
                    FaultResult result = run(fault, cluster, load);
                    results.add(result);
                    System.out.println(result.row());
                    result.broken().forEach(broken -> System.out.println("  " + broken));
                    if (!writer.failure().isEmpty()) {
                        throw new IOException(writer.failure());
                    }
                }
            } while (plan.faults().isEmpty() && System.nanoTime() < end);
        }
        return new FaultReport(plan.seed(), results);
    }

    private List<Fault> round() {
        if (plan.faults().isEmpty()) {
            List<Fault> shuffled = new ArrayList<>(all);
            Collections.shuffle(shuffled, random);
            return shuffled;
        }
        return plan.faults().stream().map(this::named).toList();
    }

    private Fault named(String name) {
        return all.stream()
                .filter(fault -> fault.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no fault \"" + name + "\"; there are "
                        + all.stream().map(Fault::name).toList()));
    }

    private FaultResult run(Fault fault, FaultCluster cluster, SteadyLoad load)
            throws IOException, InterruptedException {
        Tally tally = new Tally();
        long before = cluster.origin().traffic();
        load.countFor(tally, fault.oldestName(STALENESS, plan.slack()));
        fault.inject().on(cluster, random);
        TimeUnit.MILLISECONDS.sleep(fault.hold().toMillis());
        fault.recover().on(cluster, random);
        TimeUnit.MILLISECONDS.sleep(SETTLE.toMillis());
        load.awaitTurn(PATIENCE);
        return tally.result(
                fault, cluster.origin().traffic() - before, fault.oldestName(STALENESS, plan.slack()), plan.slack());
    }
}
