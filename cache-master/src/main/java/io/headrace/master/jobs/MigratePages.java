package io.headrace.master.jobs;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.MountId;
import io.headrace.protocol.v1.MigrateSpec;
import io.headrace.storage.ListingPage;
import io.headrace.storage.ListingPage.LeftOut;
import io.headrace.storage.ListingRequest;
import io.headrace.storage.ObjectStatus;
import io.headrace.storage.UnderStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The listing of a migrate's target, and then of its source, each a page of the origin at a time and in whatever order it has.
 * What the target has is written down, and looked up as the source is listed; what then is left the source has not. The cursor is
 * a byte that tells whose listing goes on, and the origin's own continuation.
 */
final class MigratePages implements WalkedPages {
    private static final byte TARGET = 0;
    private static final byte SOURCE = 1;

    private final MigrateSpec spec;
    private final KeyChoice choice;
    private byte whose = TARGET;
    private Optional<String> continuation = Optional.empty();
    private Optional<UnderStore> open = Optional.empty();

    MigratePages(MigrateSpec spec, Bytes cursor) {
        this.spec = spec;
        this.choice = KeyChoice.of(spec);
        if (!cursor.isEmpty()) {
            whose = cursor.at(0);
            if (cursor.length() > 1) {
                continuation = Optional.of(cursor.slice(1, cursor.length()).toString());
            }
        }
    }

    @Override
    public Page next() throws IOException {
        UnderStore store = store();
        ListingRequest first = ListingRequest.all();
        ListingPage page = store.list(continuation.map(first::next).orElse(first));
        boolean source = whose == SOURCE;
        boolean last = page.next().isEmpty();
        continuation = page.next();
        if (last && !source) {
            whose = SOURCE;
            close();
        }
        Bytes cursor = Bytes.copyOf(new byte[] {whose})
                .concat(Bytes.copyOf(continuation.orElse("").getBytes(StandardCharsets.UTF_8)));
        MountId mount = store.mountId();
        return source
                ? new Page(ledger -> compare(ledger, page, mount), cursor, last)
                : new Page(ledger -> enter(ledger, page, mount), cursor, false);
    }

    private UnderStore store() throws IOException {
        if (open.isEmpty()) {
            open = Optional.of(whose == SOURCE ? MigrateOrigins.source(spec) : MigrateOrigins.target(spec));
        }
        return open.get();
    }

    private void enter(Ledger ledger, ListingPage page, MountId mount) {
        CopyLedger copies = new CopyLedger(ledger);
        for (ObjectStatus object : page.objects()) {
            if (choice.has(object.key().bytes())) {
                copies.listed(object.version(mount));
            }
        }
    }

    private void compare(Ledger ledger, ListingPage page, MountId mount) throws IOException {
        CopyLedger copies = new CopyLedger(ledger);
        for (ObjectStatus object : page.objects()) {
            if (choice.has(object.key().bytes())) {
                copies.met(object.version(mount));
            }
        }
        for (LeftOut odd : page.leftOut()) {
            if (choice.has(odd.key().bytes())) {
                copies.leftOut(odd.key().bytes(), odd.reason());
            }
        }
        copies.flush();
    }

    @Override
    public void close() {
        open.ifPresent(UnderStore::close);
        open = Optional.empty();
    }
}
