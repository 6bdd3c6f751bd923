package io.headrace.fuse.recovery;

import io.headrace.fuse.Succession;
import io.headrace.fuse.kernel.ChildProcess;
import io.headrace.fuse.kernel.Libc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A tiny process, a POSIX shell of some lines, that holds the connection so that it outlives the daemon.
 *
 * <p>Once a second it looks whether the daemon lives. When it does not, and left its state behind (a farewell deletes
 * it), the keeper starts the successor as its own child, with the connection at descriptor 3. A successor that does not
 * report in time is killed; one that dies is followed by the next, with a growing pause, until too many in a row served
 * too short; then the keeper ends the connection, so that nobody waits for an answer that never comes, and removes what
 * is left of the mount ({@link Farewell}).
 *
 * <p>Dead is a daemon whose first thread is a zombie. To wait for its exit, or for the end of a pipe that it had, can be
 * to wait for ever: a thread of it may be inside the kernel, telling it to forget a name, and wait there, beyond the
 * reach of signals, for a directory's lock that a lookup holds which only the successor can answer.
 *
 * <p>The daemon in turn watches the keeper, and starts another when it dies. Only when both die at once is the connection
 * lost: the kernel ends it with its last descriptor. Neither ever waits for the other.
 */
public final class Keeper implements AutoCloseable {
    /** In the successor's environment: the descriptor of the connection. */
    public static final String DESCRIPTOR_VARIABLE = "HEADRACE_KEPT_DESCRIPTOR";

    /** In the successor's environment: the process id of the keeper that started it. */
    public static final String KEEPER_VARIABLE = "HEADRACE_KEEPER_PID";

    private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);
    private static final int CONNECTION = 3;

    /**
     * $1 attempts, $2 seconds to report, $3 seconds that count as steady, $4 the report, $5 the state, $6 the
     * {@link Farewell}, $7 the daemon; then the successor's arguments.
     */
    private static final String SCRIPT = """
            limit=$1 patience=$2 steady=$3 report=$4 state=$5 farewell=$6 daemon=$7
            shift 7
            cd /
            nap() { sleep "$1" 3<&-; }
            alive() {
              { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
              case ${stat##*) } in [ZXx]*) return 1 ;; esac
            }
            attempt=0
            began=$(date +%s)
            while :; do
              while [ -e "$state" ] && alive "$daemon"; do nap 1; done
              [ -e "$state" ] || exit 0
              [ $(($(date +%s) - began)) -lt "$steady" ] || attempt=0
              [ "$attempt" -lt "$limit" ] || break
              [ "$attempt" -eq 0 ] || nap "$attempt"
              attempt=$((attempt + 1))
              rm -f "$report"
              began=$(date +%s)
              HEADRACE_KEPT_DESCRIPTOR=3 HEADRACE_KEEPER_PID=$$ "$@" </dev/null &
              daemon=$!
              waited=0
              while [ ! -e "$report" ] && [ "$waited" -lt "$patience" ] && alive "$daemon"; do
                nap 1
                waited=$((waited + 1))
              done
              [ -e "$report" ] || kill -9 "$daemon" 2>/dev/null
            done
            echo "headrace keeper: $limit successors in a row failed; the mount ends" >&2
            eval "$farewell"
            exit 1
            """;

    private final int connection;
    private final Succession succession;
    private final Farewell farewell;
    private long process;
    private boolean child;
    private boolean closed;

    private Keeper(int connection, Succession succession, Farewell farewell) {
        this.connection = connection;
        this.succession = succession;
        this.farewell = farewell;
    }

    /**
     * Starts a keeper.
     *
     * @param connection the descriptor of the connection; stays the caller's
     */
    public static Keeper start(int connection, Succession succession, Farewell farewell) throws IOException {
        Keeper keeper = new Keeper(connection, succession, farewell);
        keeper.spawn();
        keeper.watch();
        return keeper;
    }

    /**
     * Takes the place of a dead daemon under the keeper that started this process, and reports to it: call it when
     * requests are answered again.
     */
    public static Keeper join(int connection, Succession succession, Farewell farewell) throws IOException {
        Keeper keeper = new Keeper(connection, succession, farewell);
        Optional<Long> starter =
                Optional.ofNullable(System.getenv(KEEPER_VARIABLE)).map(Long::parseLong);
        if (starter.isPresent() && ProcessHandle.of(starter.get()).isPresent()) {
            keeper.process = starter.get();
        } else {
            keeper.spawn();
        }
        Files.writeString(
                report(succession), Long.toString(ProcessHandle.current().pid()));
        keeper.watch();
        return keeper;
    }

    static Path report(Succession succession) {
        return succession.stateFile().resolveSibling(succession.stateFile().getFileName() + ".serving");
    }

    /** The process that holds the connection now. */
    public synchronized long process() {
        return process;
    }

    private synchronized void spawn() throws IOException {
        int theirs = Libc.duplicateHigh(connection);
        try {
            process = ChildProcess.start(command(), Map.of(), Map.of(CONNECTION, theirs));
            child = true;
        } finally {
            Libc.close(theirs);
        }
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "headrace-keeper"));
        command.add(Integer.toString(succession.attempts()));
        command.add(Long.toString(succession.patience().toSeconds()));
        command.add(Long.toString(succession.patience().toSeconds() * 2));
        command.add(report(succession).toString());
        command.add(succession.stateFile().toString());
        command.add(farewell.commands(succession));
        command.add(Long.toString(ProcessHandle.current().pid()));
        command.addAll(succession.command());
        return command;
    }

    private void watch() {
        Thread.ofPlatform().daemon().name("headrace-fuse-keeper-watch").start(() -> {
            try {
                while (keepAlive()) {}
            } catch (Throwable failure) {
                LOG.error("nobody takes over should this process die: its keeper could not be started again", failure);
            }
        });
    }

    /** Waits for the keeper's death and starts another. @return false when that was the farewell */
    private boolean keepAlive() throws IOException {
        long watched = process();
        ProcessHandle.of(watched).ifPresent(keeper -> keeper.onExit().join());
        synchronized (this) {
            if (child) {
                ChildProcess.reap((int) watched).ifPresent(status -> LOG.debug("keeper ended with {}", status));
            }
            if (closed) {
                return false;
            }
            LOG.warn("the keeper of the mount (process {}) died; starting another", watched);
            spawn();
            return true;
        }
    }

    /** The connection is over: the keeper is not needed any more. */
    @Override
    public synchronized void close() throws IOException {
        closed = true;
        ProcessHandle.of(process).ifPresent(ProcessHandle::destroyForcibly);
        Files.deleteIfExists(report(succession));
    }
}
