package io.headrace.testing.faults;

import static io.headrace.testing.faults.FaultCluster.CLIENT;
import static io.headrace.testing.faults.FaultCluster.MASTER;
import static io.headrace.testing.faults.FaultCluster.ORIGIN;
import static io.headrace.testing.faults.FaultCluster.STANDBY;

import io.headrace.testing.cluster.ClusterProcess;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The faults that there are. Their bounds follow from docs/settings.md: a connection that is refused costs nothing, a silent
 * worker {@code peer.stall-timeout} (1.5 s, seen four times a second), a silent master three heartbeats of 1 s.
 */
final class Faults {
    private static final Duration HOLD = Duration.ofSeconds(5);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration NOTICED = Duration.ofSeconds(2);
    /** A route may have two silent stops. */
    private static final Duration SILENT_WORKER = Duration.ofMillis(3500);

    private static final Duration SILENT_MASTER = Duration.ofSeconds(4);
    /** The keeper looks once a second; then a JVM starts. */
    private static final Duration SUCCESSION = Duration.ofSeconds(8);
    /** {@code origin.stall-timeout} and the pause of the first retry. */
    private static final Duration SILENT_ORIGIN = Duration.ofSeconds(11);

    private static final List<String> FAULT_POINTS =
            List.of("store.block.written", "store.block.committed", "store.block.buffered", "store.eviction.unmapped");
    private static final Path FAKE_TIME = Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1");
    private static final int FLIPS = 64;
    private static final Map<String, String> LEAVES_FOR_GOOD =
            Map.of("HEADRACE_DRAIN_ON_STOP", "true", "HEADRACE_DRAIN_STOP_DEADLINE", "25s");

    private Faults() {}

    /** @param workers how many run; the first of them is the one that suffers */
    static List<Fault> all(int workers, int mostWorkers) {
        String victim = FaultCluster.worker(1);
        List<Fault> faults = new ArrayList<>(List.of(
                new Fault("none", HOLD, NOTICED, false, (_, _) -> {}, (_, _) -> {}),
                new Fault("kill worker", HOLD, NOTICED, false, kill(victim), start(victim)),
                new Fault("stop worker", HOLD, SILENT_WORKER, false, signal(victim, "STOP"), signal(victim, "CONT")),
                new Fault("kill worker at point", HOLD, NOTICED, false, Faults::dieAtPoint, start(victim)),
                new Fault("kill master", HOLD, SILENT_MASTER, true, kill(MASTER), start(MASTER)),
                new Fault("a minute without master", MINUTE, SILENT_MASTER, true, kill(MASTER), start(MASTER)),
                new Fault("fail over", HOLD, SILENT_MASTER, true, Faults::failOver, Faults::failBack),
                new Fault("stop master", HOLD, SILENT_MASTER, true, signal(MASTER, "STOP"), signal(MASTER, "CONT")),
                new Fault("kill mount", HOLD, SUCCESSION, true, Faults::killDaemon, (_, _) -> {}),
                new Fault("stop mount", HOLD, HOLD.plus(NOTICED), true, daemon("STOP"), daemon("CONT")),
                cut("cut client worker", CLIENT, victim, SILENT_WORKER, false),
                cutOneWay("cut client to worker", CLIENT, victim, SILENT_WORKER, false),
                cutOneWay("cut worker to client", victim, CLIENT, SILENT_WORKER, false),
                cut("cut worker worker", victim, FaultCluster.worker(2), SILENT_WORKER, false),
                cut("cut worker master", victim, MASTER, NOTICED, false),
                cutOneWay("cut master to worker", MASTER, victim, NOTICED, false),
                cut("cut client master", CLIENT, MASTER, SILENT_MASTER, true),
                cut("cut worker origin", victim, ORIGIN, HOLD.plus(SILENT_ORIGIN), false),
                cut("cut master origin", MASTER, ORIGIN, SILENT_ORIGIN, true),
                new Fault("fill disk", HOLD, NOTICED, false, fill(victim), unfill(victim)),
                new Fault("flip bits", HOLD, NOTICED, false, Faults::flipBits, (_, _) -> {}),
                new Fault("rolling restart", HOLD, SILENT_MASTER, true, Faults::restartAll, (_, _) -> {}),
                new Fault(
                        "scale out and in",
                        HOLD,
                        SILENT_WORKER,
                        false,
                        (cluster, _) -> {
                            for (int i = workers + 1; i <= mostWorkers; i++) {
                                cluster.start(FaultCluster.worker(i), LEAVES_FOR_GOOD);
                            }
                        },
                        (cluster, _) -> {
                            for (int i = workers + 1; i <= mostWorkers; i++) {
                                end(cluster, FaultCluster.worker(i));
                            }
                        })));
        faults.add(together(named(faults, "kill worker"), named(faults, "kill master")));
        faults.add(together(named(faults, "cut worker origin"), named(faults, "kill mount")));
        if (Files.exists(FAKE_TIME)) {
            faults.add(new Fault("skew clock", HOLD, NOTICED, false, Faults::skewClock, (cluster, random) -> {
                end(cluster, victim);
                start(victim).on(cluster, random);
            }));
        }
        return faults;
    }

    private static Fault named(List<Fault> faults, String name) {
        return faults.stream()
                .filter(fault -> fault.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Fault together(Fault one, Fault other) {
        return new Fault(
                one.name() + ", " + other.name(),
                HOLD,
                one.longestStall().plus(other.longestStall()),
                one.namesMayAge() || other.namesMayAge(),
                (cluster, random) -> {
                    one.inject().on(cluster, random);
                    other.inject().on(cluster, random);
                },
                (cluster, random) -> {
                    other.recover().on(cluster, random);
                    one.recover().on(cluster, random);
                });
    }

    private static Fault cut(String name, String one, String other, Duration bound, boolean namesMayAge) {
        return new Fault(
                name,
                HOLD,
                bound,
                namesMayAge,
                (cluster, _) -> cluster.network().cut(one, other),
                (cluster, _) -> cluster.network().heal(one, other));
    }

    private static Fault cutOneWay(String name, String from, String to, Duration bound, boolean namesMayAge) {
        return new Fault(
                name,
                HOLD,
                bound,
                namesMayAge,
                (cluster, _) -> cluster.network().cutOneWay(from, to),
                (cluster, _) -> cluster.network().heal(from, to));
    }

    private static Fault.Step kill(String name) {
        return (cluster, _) -> {
            cluster.process(name).signal("KILL");
            cluster.process(name).awaitEnd();
        };
    }

    private static Fault.Step start(String name) {
        return (cluster, _) -> cluster.start(name, Map.of());
    }

    private static Fault.Step signal(String name, String signal) {
        return (cluster, _) -> cluster.process(name).signal(signal);
    }

    /** The master dies while another stands by. */
    private static void failOver(FaultCluster cluster, Random random) throws IOException, InterruptedException {
        start(STANDBY).on(cluster, random);
        kill(MASTER).on(cluster, random);
    }

    private static void failBack(FaultCluster cluster, Random random) throws IOException, InterruptedException {
        end(cluster, STANDBY);
        start(MASTER).on(cluster, random);
    }

    private static Fault.Step daemon(String signal) {
        return (cluster, _) -> ClusterProcess.signal(cluster.daemon(), signal);
    }

    private static void killDaemon(FaultCluster cluster, Random random) throws IOException, InterruptedException {
        daemon("KILL").on(cluster, random);
    }

    private static void end(FaultCluster cluster, String name) throws IOException, InterruptedException {
        cluster.process(name).signal("TERM");
        cluster.process(name).awaitEnd();
    }

    /** Starts it so that it dies in the midst of its work, and waits until it has, if it does in time. */
    private static void dieAtPoint(FaultCluster cluster, Random random) throws IOException, InterruptedException {
        String victim = FaultCluster.worker(1);
        end(cluster, victim);
        String point = FAULT_POINTS.get(random.nextInt(FAULT_POINTS.size())) + "=" + (1 + random.nextInt(4));
        ClusterProcess process = cluster.launch(
                victim, Map.of("HEADRACE_JAVA_OPTIONS", "-Xmx160m -XX:TieredStopAtLevel=1 -Dheadrace.fault=" + point));
        if (!process.process().waitFor(HOLD.multipliedBy(2))) {
            kill(victim).on(cluster, random);
        }
    }

    private static Fault.Step fill(String worker) {
        return (cluster, _) -> {
            Path filler = cluster.folder(worker).resolve("filler");
            try (RandomAccessFile file = new RandomAccessFile(filler.toFile(), "rw")) {
                byte[] megabyte = new byte[1 << 20];
                while (Files.getFileStore(filler).getUsableSpace() > 0) {
                    file.write(megabyte, 0, (int)
                            Math.min(megabyte.length, Files.getFileStore(filler).getUsableSpace()));
                }
            } catch (IOException full) {
                if (Files.getFileStore(filler).getUsableSpace() > 1 << 20) {
                    throw full;
                }
            }
        };
    }

    private static Fault.Step unfill(String worker) {
        return (cluster, _) -> Files.delete(cluster.folder(worker).resolve("filler"));
    }

    /** In the blocks of a worker that was killed: it has to look at them before it serves them again. */
    private static void flipBits(FaultCluster cluster, Random random) throws IOException, InterruptedException {
        String victim = FaultCluster.worker(1);
        kill(victim).on(cluster, random);
        List<Path> files;
        try (Stream<Path> tree = Files.walk(cluster.folder(victim).resolve("cache"))) {
            files = tree.filter(file -> file.toString().endsWith(".blocks"))
                    .sorted()
                    .toList();
        }
        for (int i = 0; i < FLIPS && !files.isEmpty(); i++) {
            try (RandomAccessFile file =
                    new RandomAccessFile(files.get(random.nextInt(files.size())).toFile(), "rw")) {
                long at = random.nextLong(Math.max(1, file.length()));
                file.seek(at);
                int value = file.read();
                file.seek(at);
                file.write(value ^ 1 << random.nextInt(8));
            }
        }
        start(victim).on(cluster, random);
    }

    private static void restartAll(FaultCluster cluster, Random random) throws IOException, InterruptedException {
        for (String worker : cluster.workers()) {
            end(cluster, worker);
            start(worker).on(cluster, random);
        }
        end(cluster, MASTER);
        start(MASTER).on(cluster, random);
    }

    /** Its wall clock is an hour ahead; what it measures time spans by is not. */
    private static void skewClock(FaultCluster cluster, Random random) throws IOException, InterruptedException {
        String victim = FaultCluster.worker(1);
        end(cluster, victim);
        // Without the last, libfaketime has timed waits of the JVM return at once.
        Map<String, String> skewed = Map.of(
                "LD_PRELOAD", FAKE_TIME.toString(),
                "FAKETIME", "+1h",
                "FAKETIME_DONT_FAKE_MONOTONIC", "1",
                "FAKETIME_FORCE_MONOTONIC_FIX", "0");
        cluster.start(victim, skewed);
    }
}
