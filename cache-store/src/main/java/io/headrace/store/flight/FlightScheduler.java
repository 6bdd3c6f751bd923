package io.headrace.store.flight;

import io.headrace.protocol.ByteRange;
import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.FetchReason;
import io.headrace.store.StoreUsage.FlightUsage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Flies flights on a fixed number of platform threads, most urgent first. Read-ahead is flown in runs: adjacent blocks of
 * a series, up to {@value #MOST_FLIGHTS_A_RUN}, are one request at the source ({@link FlightReader}). What somebody asks
 * for by itself is flown by itself. One thread is left for demand: read-ahead and loads fly on the others.
 */
public final class FlightScheduler implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FlightScheduler.class);

    /** 8 MiB: a request costs the origin and us the same whatever it brings, and more at once would leave threads idle. */
    private static final int MOST_FLIGHTS_A_RUN = 2;

    private static final long CLOSE_PATIENCE_SECONDS = 10;

    /** Far more than one series for each file that is read at a time. */
    private static final int MOST_SERIES = 4096;

    /** What a thread was given: a flight, or a series to take a run from. */
    private record Turn(FetchReason reason, Optional<Flight> flight, Optional<FlightSeries> series) {}

    /** Flights that are a thread's to fly. */
    private record Run(FetchReason reason, List<Flight> flights) {}

    private final FlightSettings settings;
    private final FlightReader reader;
    private final Counter dropped;
    private final List<Thread> threads = new ArrayList<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition queued = lock.newCondition();
    // Guarded by lock. A flight that was urged is in two queues; the second to take it finds it started.
    private final Map<FetchReason, Deque<Flight>> queues = new EnumMap<>(FetchReason.class);
    private final Map<FetchReason, Deque<FlightSeries>> series = new EnumMap<>(FetchReason.class);
    private int running;
    private int runningUnurgent;
    private boolean closed;

    public FlightScheduler(FlightSettings settings, FaultPoints faults, MeterRegistry meters) {
        this.settings = settings;
        this.reader = new FlightReader(settings, faults, meters);
        for (FetchReason reason : FetchReason.values()) {
            queues.put(reason, new ArrayDeque<>());
            series.put(reason, new ArrayDeque<>());
        }
        this.dropped = meters.counter("headrace.store.prefetch.dropped");
        Gauge.builder("headrace.store.flights", this, FlightScheduler::runningNow)
                .register(meters);
        for (int i = 0; i < settings.threads(); i++) {
            threads.add(Thread.ofPlatform().name("headrace-fetch-" + i).daemon().start(this::flyUntilClosed));
        }
    }

    /** A flight that is not queued yet, so that its passengers can board first. */
    public Flight plan(FlightPlan plan, FetchReason reason) {
        return new Flight(plan, reason);
    }

    /** Queues flights that nobody waits for; series take turns. Dropped, and counted, when too many wait. */
    public void submitAhead(FlightSeries flights, FetchReason reason) {
        boolean accepted;
        lock.lock();
        try {
            Deque<FlightSeries> waiting = ahead(reason);
            accepted = !closed && waiting.size() < MOST_SERIES;
            if (accepted) {
                waiting.add(flights);
                queued.signalAll();
            }
        } finally {
            lock.unlock();
        }
        if (!accepted) {
            dropped.increment();
            flights.end();
        }
    }

    /** Queues a flight; it fails at once when the scheduler is closed. */
    public void submit(Flight flight) {
        boolean accepted;
        lock.lock();
        try {
            accepted = !closed;
            if (accepted) {
                queue(flight.urgency()).add(flight);
                queued.signal();
            }
        } finally {
            lock.unlock();
        }
        if (!accepted) {
            flight.fail(closedStore());
        }
    }

    /** Somebody with a more urgent reason boarded the flight; it moves ahead here, or at its source if it has begun. */
    public void urge(Flight flight, FetchReason reason) {
        if (!flight.urge(reason)) {
            return;
        }
        lock.lock();
        try {
            queue(reason).add(flight);
            queued.signal();
        } finally {
            lock.unlock();
        }
    }

    public FlightUsage usage() {
        lock.lock();
        try {
            int waiting = queues.values().stream().mapToInt(Deque::size).sum()
                    + series.values().stream().mapToInt(Deque::size).sum();
            FlightBuffers buffers = reader.buffers();
            return new FlightUsage(running, waiting, buffers.lentBytes(), buffers.budgetBytes());
        } finally {
            lock.unlock();
        }
    }

    /** Fails what waits, ends what runs by closing its channel, and waits for the threads, within a deadline. */
    @Override
    public void close() {
        List<Flight> waiting = new ArrayList<>();
        List<FlightSeries> ahead = new ArrayList<>();
        lock.lock();
        try {
            closed = true;
            queues.values().forEach(queue -> {
                waiting.addAll(queue);
                queue.clear();
            });
            series.values().forEach(queue -> {
                ahead.addAll(queue);
                queue.clear();
            });
            queued.signalAll();
        } finally {
            lock.unlock();
        }
        reader.endReads();
        waiting.stream().filter(Flight::start).forEach(flight -> flight.fail(closedStore()));
        ahead.forEach(FlightSeries::end);
        threads.forEach(Thread::interrupt);
        joinThreads();
    }

    private void joinThreads() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_PATIENCE_SECONDS);
        try {
            for (Thread thread : threads) {
                thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
                if (thread.isAlive()) {
                    log.warn("{} did not end within {} s; its source hangs", thread.getName(), CLOSE_PATIENCE_SECONDS);
                }
            }
            reader.close(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private double runningNow() {
        lock.lock();
        try {
            return running;
        } finally {
            lock.unlock();
        }
    }

    private void flyUntilClosed() {
        while (true) {
            Run run;
            try {
                run = next();
            } catch (InterruptedException e) {
                if (isClosed()) {
                    return;
                }
                continue;
            }
            try {
                adjacent(run.flights()).forEach(reader::fly);
            } finally {
                done(run.reason());
            }
        }
    }

    /** A run that lost some flights to other threads, as what is left in one piece each. */
    static List<List<Flight>> adjacent(List<Flight> flights) {
        List<List<Flight>> pieces = new ArrayList<>();
        long end = -1;
        for (Flight flight : flights) {
            ByteRange range = flight.plan().range();
            if (range.offset() != end) {
                pieces.add(new ArrayList<>());
            }
            pieces.getLast().add(flight);
            end = range.end();
        }
        return pieces;
    }

    private Run next() throws InterruptedException {
        while (true) {
            Turn turn = nextTurn();
            if (turn.series().isEmpty()) {
                return new Run(turn.reason(), List.of(turn.flight().orElseThrow()));
            }
            List<Flight> planned = turn.series().get().next(MOST_FLIGHTS_A_RUN);
            List<Flight> mine = planned.stream().filter(Flight::start).toList();
            endTurn(turn, !planned.isEmpty(), !mine.isEmpty());
            if (!mine.isEmpty()) {
                return new Run(turn.reason(), mine);
            }
        }
    }

    /** Waits for a flight, or for a series, whose next flights are planned without the lock. */
    private Turn nextTurn() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed) {
                for (FetchReason reason : FetchReason.values()) {
                    if (mayRun(reason)) {
                        Optional<Flight> flight = pollUnstarted(queue(reason));
                        Optional<FlightSeries> series = flight.isPresent()
                                ? Optional.empty()
                                : Optional.ofNullable(ahead(reason).poll());
                        if (flight.isPresent() || series.isPresent()) {
                            running++;
                            runningUnurgent += isUrgent(reason) ? 0 : 1;
                            return new Turn(reason, flight, series);
                        }
                    }
                }
                queued.await();
            }
            throw new InterruptedException("closed");
        } finally {
            lock.unlock();
        }
    }

    /** A series that had a flight waits for its next turn; one that had none is done. */
    private void endTurn(Turn turn, boolean goesOn, boolean flies) {
        lock.lock();
        try {
            if (goesOn) {
                turn.series().ifPresent(ahead(turn.reason())::add);
                queued.signalAll();
            }
            if (!flies) {
                running--;
                runningUnurgent -= isUrgent(turn.reason()) ? 0 : 1;
            }
        } finally {
            lock.unlock();
        }
    }

    private Deque<FlightSeries> ahead(FetchReason reason) {
        return Objects.requireNonNull(series.get(reason));
    }

    private Deque<Flight> queue(FetchReason reason) {
        return Objects.requireNonNull(queues.get(reason));
    }

    private void done(FetchReason urgency) {
        lock.lock();
        try {
            running--;
            runningUnurgent -= isUrgent(urgency) ? 0 : 1;
            queued.signal();
        } finally {
            lock.unlock();
        }
    }

    private boolean mayRun(FetchReason urgency) {
        return isUrgent(urgency) || runningUnurgent < Math.max(1, settings.threads() - 1);
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private static Optional<Flight> pollUnstarted(Deque<Flight> queue) {
        Flight flight;
        while ((flight = queue.poll()) != null) {
            if (flight.start()) {
                return Optional.of(flight);
            }
        }
        return Optional.empty();
    }

    private static boolean isUrgent(FetchReason urgency) {
        return urgency == FetchReason.DEMAND;
    }

    static IOException closedStore() {
        return new IOException("the store is closed");
    }

    static IOException asIOException(Flight flight, Throwable failure) {
        return switch (failure) {
            case IOException io -> io;
            case InterruptedException interrupted -> new IOException("the store is closed", interrupted);
            default -> {
                log.error("a flight of {} failed unexpectedly", flight.plan().version(), failure);
                yield new IOException(
                        "fetching " + flight.plan().range() + " of "
                                + flight.plan().version() + " failed: " + failure,
                        failure);
            }
        };
    }
}
