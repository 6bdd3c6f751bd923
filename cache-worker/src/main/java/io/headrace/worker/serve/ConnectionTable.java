package io.headrace.worker.serve;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Who is connected, within the settings' bounds. Thread-safe. */
final class ConnectionTable {
    /** Connections beyond the bound that are told so; further ones are closed without a word. */
    private static final int MOST_TURNED_AWAY = 64;

    /** One connection, which ends itself when it is asked to. */
    interface Member {
        /** Answers what was asked, then closes; on any thread. */
        void drain();

        /** Closes now; on any thread. */
        void end();
    }

    private final int mostConnections;
    private final int mostFiles;
    private final Set<Member> members = ConcurrentHashMap.newKeySet();
    private final AtomicInteger sockets = new AtomicInteger();
    private final AtomicInteger served = new AtomicInteger();
    private final AtomicInteger files = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition left = lock.newCondition();
    private volatile boolean draining;

    ConnectionTable(BlockServerSettings settings) {
        this.mostConnections = settings.mostConnections();
        this.mostFiles = settings.mostOpenFiles();
    }

    /** Counts a socket; false when it is to be closed at once, and is not counted. */
    boolean enter() {
        return take(sockets, mostConnections + MOST_TURNED_AWAY);
    }

    void leave() {
        sockets.decrementAndGet();
    }

    /** Lets a connection be served; false when the table is full. */
    boolean serve(Member member) {
        if (!take(served, mostConnections)) {
            return false;
        }
        members.add(member);
        if (draining) {
            member.drain();
        }
        return true;
    }

    void served(Member member) {
        if (!members.remove(member)) {
            return;
        }
        lock.lock();
        try {
            served.decrementAndGet();
            left.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean openFile() {
        return take(files, mostFiles);
    }

    void closedFile() {
        files.decrementAndGet();
    }

    int served() {
        return served.get();
    }

    int openFiles() {
        return files.get();
    }

    boolean isDraining() {
        return draining;
    }

    /** Lets every connection answer what it was asked; returns when all are gone or the time is over. */
    void drain(Duration atMost) throws InterruptedException {
        draining = true;
        members.forEach(Member::drain);
        awaitEmpty(atMost);
    }

    /** Ends all that are left. */
    void end() {
        List.copyOf(members).forEach(Member::end);
    }

    private void awaitEmpty(Duration atMost) throws InterruptedException {
        long nanos = atMost.toNanos();
        lock.lock();
        try {
            while (served.get() > 0 && nanos > 0) {
                nanos = left.awaitNanos(nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    private static boolean take(AtomicInteger count, int most) {
        return count.getAndUpdate(before -> before < most ? before + 1 : before) < most;
    }
}
