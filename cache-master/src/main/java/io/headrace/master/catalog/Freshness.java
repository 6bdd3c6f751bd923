package io.headrace.master.catalog;

import io.headrace.master.catalog.Row.DirectoryRow;
import io.headrace.master.catalog.Row.FileRow;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.EntryName;
import io.headrace.protocol.ObjectKey;
import io.headrace.storage.ListingPage;
import io.headrace.storage.ListingRequest;
import io.headrace.storage.ObjectStatus;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps the promise of the staleness bound: what a reader asks for is brought up to date first when it is older than the
 * bound, and in the background when it is older than half of it. Origin trouble leaves the old answer, when there is one,
 * and then the origin is left alone for a while.
 */
final class Freshness {
    private static final Bytes SLASH = Bytes.utf8("/");
    private static final long LEFT_ALONE_MILLIS = 5000;

    private final Names names;
    private final Background background;
    private final Duration answerWithin;

    /** @param answerWithin how long a question may take, all its requests and the wait for its turn together */
    Freshness(Names names, Background background, Duration answerWithin) {
        this.names = names;
        this.background = background;
        this.answerWithin = answerWithin;
    }

    /** Returns when the name's row is as fresh as the mount promises. */
    void require(CatalogMount mount, Directory directory, EntryName name) throws IOException {
        RowPlace place = new RowPlace(directory.id(), name);
        long now = mount.nowMillis();
        boolean fresh = isFresh(mount, directory.verifiedMillis(), now)
                || mount.checkedMillis(place)
                        .filter(at -> isFresh(mount, at, now))
                        .isPresent();
        if (fresh && !mount.settings().revalidateOnOpen()) {
            directory.isAnswered();
            refreshBeforeItIsDue(mount, directory, now);
            return;
        }
        Optional<Row> row = names.row(place.encode());
        if (row.isPresent() && (Names.isPinned(row.get()) || (fresh && row.get() instanceof DirectoryRow))) {
            directory.isAnswered();
            return;
        }
        boolean known = row.isPresent() || directory.isComplete();
        ask(mount, directory, known, deadline -> {
            if (fresh || !isFreshNow(mount, directory)) {
                check(mount, directory, place, deadline);
            }
        });
    }

    /** Returns when all names inside are as fresh as the mount promises. */
    void require(CatalogMount mount, Directory directory) throws IOException {
        long now = mount.nowMillis();
        if (isFresh(mount, directory.verifiedMillis(), now)) {
            directory.isAnswered();
            refreshBeforeItIsDue(mount, directory, now);
            return;
        }
        ask(mount, directory, directory.isComplete(), deadline -> {
            if (!isFreshNow(mount, directory)) {
                new ChildrenListing(mount, names, directory, deadline).run();
            }
        });
    }

    private interface Question {
        void ask(AnswerDeadline deadline) throws IOException;
    }

    private void ask(CatalogMount mount, Directory directory, boolean known, Question question) throws IOException {
        directory.isAsked();
        if (known && isLeftAlone(mount, directory)) {
            return;
        }
        AnswerDeadline deadline = AnswerDeadline.after(answerWithin, mount, directory);
        ReentrantLock refreshing = directory.refreshing();
        if (!locked(refreshing, directory)) {
            if (known) {
                return;
            }
            throw deadline.missed();
        }
        try {
            if (known && isLeftAlone(mount, directory)) {
                return;
            }
            question.ask(deadline);
            mount.answered();
        } catch (IOException e) {
            mount.failed(e);
            directory.triedAt(mount.nowMillis());
            if (!known) {
                throw e;
            }
        } finally {
            refreshing.unlock();
        }
    }

    private boolean locked(ReentrantLock refreshing, Directory directory) throws InterruptedIOException {
        try {
            return refreshing.tryLock(answerWithin.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while another reader asked for " + directory.prefix());
        }
    }

    private static boolean isLeftAlone(CatalogMount mount, Directory directory) {
        long since = mount.nowMillis() - directory.triedMillis();
        return directory.triedMillis() != Long.MIN_VALUE && since >= 0 && since < LEFT_ALONE_MILLIS;
    }

    private void check(CatalogMount mount, Directory directory, RowPlace place, AnswerDeadline deadline)
            throws IOException {
        Origin origin = mount.origin();
        long asked = mount.nowMillis();
        Optional<Row> row = names.row(place.encode());
        boolean file = row.isPresent() && row.get() instanceof FileRow;
        if (file && (origin.hasDirectories() || mount.settings().revalidateOnOpen())) {
            Optional<ObjectStatus> status = origin.head(directory.keyOf(place.name()));
            if (status.isPresent()) {
                put(directory, place, status);
                mount.checkedAt(place, asked);
                return;
            }
        }
        if (origin.hasDirectories()) {
            new ChildrenListing(mount, names, directory, deadline).run();
        } else if (directory.isLarge() || !new ChildrenListing(mount, names, directory, deadline).runWhenOnePage()) {
            probe(mount, directory, place, deadline);
            mount.checkedAt(place, asked);
        }
    }

    /** Asks for one name, in a directory that is too large to list for it: as an object, and as a directory. */
    private void probe(CatalogMount mount, Directory directory, RowPlace place, AnswerDeadline deadline)
            throws IOException {
        ObjectKey key = directory.keyOf(place.name());
        ObjectKey inside = new ObjectKey(key.bytes().concat(SLASH));
        ListingRequest request = ListingRequest.children(key);
        Optional<ObjectStatus> object = Optional.empty();
        Optional<String> next;
        do {
            deadline.require();
            ListingPage page = mount.origin().list(request, Origin.DEMAND_ATTEMPTS);
            if (page.directories().contains(inside)) {
                putDirectory(directory, place, object);
                return;
            }
            for (ObjectStatus found : page.objects()) {
                object = found.key().equals(key) ? Optional.of(found) : object;
            }
            next = isBehind(mount, page, inside) ? Optional.empty() : page.next();
            request = next.isPresent() ? request.next(next.get()) : request;
        } while (next.isPresent());
        put(directory, place, object);
    }

    private static boolean isBehind(CatalogMount mount, ListingPage page, ObjectKey inside) {
        return mount.origin().listsInKeyOrder()
                && !page.objects().isEmpty()
                && page.objects().getLast().key().compareTo(inside) > 0;
    }

    private void putDirectory(Directory directory, RowPlace place, Optional<ObjectStatus> object) throws IOException {
        names.edit(edit -> {
            edit.share(directory);
            Optional<Row> row = edit.row(directory, place.name());
            if (row.isPresent() && row.get() instanceof DirectoryRow there) {
                edit.met(there);
            } else {
                edit.putDirectory(directory, place.name(), false, row);
            }
            return true;
        });
        if (object.isPresent()) {
            directory
                    .mount()
                    .ifPresent(mount -> mount.unreachable(object.get().key(), ListedNames.HIDDEN_BY_DIRECTORY));
        }
    }

    private void put(Directory directory, RowPlace place, Optional<ObjectStatus> object) throws IOException {
        names.edit(edit -> {
            edit.share(directory);
            Optional<Row> row = edit.row(directory, place.name());
            if (object.isPresent()) {
                edit.putFile(directory, place.name(), object.get(), row);
            } else if (row.isPresent()) {
                edit.remove(directory, place.name(), row.get());
            }
            return true;
        });
    }

    private void refreshBeforeItIsDue(CatalogMount mount, Directory directory, long now) {
        long age = now - directory.verifiedMillis();
        boolean due = age > mount.settings().staleness().toMillis() / 2
                && !directory.refreshing().isLocked()
                && !isLeftAlone(mount, directory);
        if (due && directory.queueRefresh() && !background.refreshSoon(() -> refresh(mount, directory))) {
            directory.refreshStarts();
        }
    }

    private void refresh(CatalogMount mount, Directory directory) {
        directory.refreshStarts();
        try {
            long age = mount.nowMillis() - directory.verifiedMillis();
            if (age > mount.settings().staleness().toMillis() / 2) {
                ask(mount, directory, true, deadline -> new ChildrenListing(mount, names, directory, deadline).run());
            }
        } catch (IOException e) {
            mount.failed(e);
        }
    }

    private static boolean isFreshNow(CatalogMount mount, Directory directory) {
        return isFresh(mount, directory.verifiedMillis(), mount.nowMillis());
    }

    /** A time in the future is of a clock that was set back, and says nothing. */
    private static boolean isFresh(CatalogMount mount, long verifiedMillis, long now) {
        long bound = mount.settings().staleness().toMillis();
        return verifiedMillis != Long.MIN_VALUE
                && verifiedMillis <= now
                && now - verifiedMillis < Math.max(1, bound)
                && bound > 0;
    }
}
