package io.headrace.master.jobs;

import io.headrace.master.jobs.Cutter.Piece;
import io.headrace.protocol.v1.LoadSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The files of a load, each cut into what its blocks' owners are to do. */
final class LoadPages implements WalkedPages {
    private final LoadSpec spec;
    private final Cutter cutter;
    private final FileFeed feed;
    /** Read, and not cut yet: no worker took blocks. */
    private Optional<FileFeed.Page> uncut = Optional.empty();

    LoadPages(LoadSpec spec, Cutter cutter, FileFeed feed) {
        this.spec = spec;
        this.cutter = cutter;
        this.feed = feed;
    }

    @Override
    public Page next() throws IOException {
        FileFeed.Page page = uncut.isPresent() ? uncut.get() : feed.next();
        uncut = Optional.of(page);
        List<List<Piece>> cut = new ArrayList<>();
        for (SourceFile file : page.files()) {
            cut.add(cutter.cut(spec, file));
        }
        uncut = Optional.empty();
        return new Page(ledger -> enter(ledger, page, cut), page.cursor(), page.end());
    }

    private static void enter(Ledger ledger, FileFeed.Page page, List<List<Piece>> cut) throws IOException {
        for (int i = 0; i < cut.size(); i++) {
            ledger.planned(page.files().get(i), cut.get(i));
        }
        page.gone().forEach(ledger::gone);
    }

    @Override
    public void close() {
        feed.close();
    }
}
