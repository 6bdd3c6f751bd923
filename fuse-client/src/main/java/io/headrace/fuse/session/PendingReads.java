package io.headrace.fuse.session;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads that wait for bytes, by request, so that a signal to the one who waits can end them.
 *
 * <p>The kernel tells of the first signal only, and waits unkillably from then on. A signal that merely stops or profiles
 * a program must not fail its read (programs do not expect EINTR from a file), so an interrupted read goes on until a
 * signal is pending that kills, or that the program catches and commonly uses to break off; {@link #sweep} looks again.
 */
final class PendingReads {
    private static final long SIGHUP_INT_QUIT_ALRM_TERM = bit(1) | bit(2) | bit(3) | bit(14) | bit(15);
    private static final long SIGKILL = bit(9);

    private final ConcurrentHashMap<Long, PendingRead> pending = new ConcurrentHashMap<>();

    void add(PendingRead read) {
        pending.put(read.unique(), read);
    }

    void remove(PendingRead read) {
        pending.remove(read.unique(), read);
    }

    int size() {
        return pending.size();
    }

    void interrupt(long unique) {
        PendingRead read = pending.get(unique);
        if (read != null) {
            read.markInterrupted();
            endIfBroken(read);
        }
    }

    /** Looks again at interrupted reads. */
    void sweep() {
        pending.values().stream().filter(PendingRead::isInterrupted).forEach(PendingReads::endIfBroken);
    }

    private static void endIfBroken(PendingRead read) {
        if (isBreakingOff(read.process())) {
            read.endByInterrupt();
        }
    }

    private static boolean isBreakingOff(int process) {
        try {
            return isBreakingOff(
                    Files.readString(Path.of("/proc/" + process + "/status"), StandardCharsets.ISO_8859_1));
        } catch (IOException gone) {
            // It died, or lives in a process namespace that is not visible here: the kernel's word must do.
            return true;
        }
    }

    static boolean isBreakingOff(String status) {
        long waiting = signals(status, "\nSigPnd:\t") | signals(status, "\nShdPnd:\t");
        long caught = signals(status, "\nSigCgt:\t");
        return (waiting & SIGKILL) != 0 || (waiting & caught & SIGHUP_INT_QUIT_ALRM_TERM) != 0;
    }

    private static long signals(String status, String label) {
        int at = status.indexOf(label);
        int from = at + label.length();
        return at < 0 || status.length() < from + 16 ? 0 : Long.parseUnsignedLong(status, from, from + 16, 16);
    }

    private static long bit(int signal) {
        return 1L << (signal - 1);
    }
}
