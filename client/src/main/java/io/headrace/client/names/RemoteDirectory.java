package io.headrace.client.names;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.headrace.protocol.Entry;
import io.headrace.protocol.v1.CatalogEntry;
import io.headrace.protocol.v1.CatalogGrpc;
import io.headrace.protocol.v1.DirectoryPage;
import io.headrace.protocol.v1.ListDirectoryRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot of a directory at the master, for as long as its call lasts. When the call breaks, the directory is opened again,
 * and goes on only when the newest entry that was given is still at its position. One thread at a time.
 */
final class RemoteDirectory implements AutoCloseable {
    private final Master master;
    private final long directoryId;
    private final NamesSettings settings;
    private @Nullable BlockingClientCall<ListDirectoryRequest, DirectoryPage> call;
    private Optional<Entry> newest = Optional.empty();
    private long newestAt;

    RemoteDirectory(Master master, long directoryId, NamesSettings settings) {
        this.master = master;
        this.directoryId = directoryId;
        this.settings = settings;
    }

    /**
     * @param position of the first entry
     * @param end whether there is none behind these
     */
    record Page(long position, List<Entry> entries, boolean end, long validMillis) {}

    /** @param once as in {@link Master#ask} */
    Page page(long position, boolean once) throws IOException {
        Attempts attempts = master.attempts("for the names in directory " + directoryId, settings.deadline());
        while (true) {
            try {
                Page page = tryPage(position, attempts);
                if (!page.entries().isEmpty()) {
                    newest = Optional.of(page.entries().getLast());
                    newestAt = page.position() + page.entries().size() - 1;
                }
                return page;
            } catch (StatusException | TimeoutException e) {
                drop();
                master.again(attempts, e, once);
            }
        }
    }

    private Page tryPage(long position, Attempts attempts) throws IOException, StatusException, TimeoutException {
        boolean reopened = call == null;
        BlockingClientCall<ListDirectoryRequest, DirectoryPage> open = opened();
        Runnable givingUp = () -> open.cancel("the master is silent", null);
        master.startsCall(givingUp);
        try {
            if (reopened && newest.isPresent()) {
                Page same = ask(open, newestAt, 1, attempts);
                if (!same.entries().equals(List.of(newest.get()))) {
                    throw new MasterException.Unavailable(
                            "directory " + directoryId + " changed while the master was away; list it again",
                            new IOException("position " + newestAt + " is another entry now"));
                }
            }
            return ask(open, position, settings.page(), attempts);
        } catch (InterruptedException e) {
            drop();
            throw attempts.interrupted();
        } finally {
            master.endsCall(givingUp);
        }
    }

    private BlockingClientCall<ListDirectoryRequest, DirectoryPage> opened() {
        BlockingClientCall<ListDirectoryRequest, DirectoryPage> open = call;
        if (open == null) {
            open = CatalogGrpc.newBlockingV2Stub(master.channel()).listDirectory();
            call = open;
        }
        return open;
    }

    private Page ask(
            BlockingClientCall<ListDirectoryRequest, DirectoryPage> open, long position, int limit, Attempts attempts)
            throws IOException, StatusException, TimeoutException, InterruptedException {
        long patience = master.attemptNanos(attempts);
        boolean _ = open.write(
                ListDirectoryRequest.newBuilder()
                        .setDirectoryId(directoryId)
                        .setPosition(position)
                        .setLimit(limit)
                        .build(),
                patience,
                TimeUnit.NANOSECONDS);
        DirectoryPage page = open.read(patience, TimeUnit.NANOSECONDS);
        if (page == null) {
            throw Status.UNAVAILABLE
                    .withDescription("the master ended the listing")
                    .asException();
        }
        List<Entry> entries = new ArrayList<>(page.getEntriesCount());
        for (CatalogEntry message : page.getEntriesList()) {
            Entry entry = master.read(message);
            if (!entries.isEmpty() && entries.getLast().name().compareTo(entry.name()) >= 0) {
                throw master.unreadable(new IOException("a directory's names are not in order"));
            }
            entries.add(entry);
        }
        if (page.getPosition() < 0 || page.getPosition() > position || (entries.isEmpty() && !page.getEnd())) {
            throw master.unreadable(new IOException("a page is not the one that was asked for"));
        }
        return new Page(page.getPosition(), entries, page.getEnd(), page.getValidMillis());
    }

    private void drop() {
        BlockingClientCall<ListDirectoryRequest, DirectoryPage> open = call;
        if (open != null) {
            open.cancel("not read any more", null);
            call = null;
        }
    }

    @Override
    public void close() {
        drop();
    }
}
