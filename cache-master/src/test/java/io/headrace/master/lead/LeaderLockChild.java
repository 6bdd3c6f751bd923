package io.headrace.master.lead;

import java.nio.file.Path;

/** Takes the lock of its argument, says so, and keeps it until its input ends. */
final class LeaderLockChild {
    private LeaderLockChild() {}

    public static void main(String[] args) throws Exception {
        try (LeaderLock _ = LeaderLock.take(Path.of(args[0]), "a child")) {
            System.out.println("taken");
            int _ = System.in.read();
        }
    }
}
