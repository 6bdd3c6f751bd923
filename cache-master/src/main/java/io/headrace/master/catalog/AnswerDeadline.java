package io.headrace.master.catalog;

import io.headrace.protocol.OriginException;
import java.time.Duration;

/** Until when a reader waits for the origin's names of one directory, by the mount's clock. */
record AnswerDeadline(CatalogMount mount, Directory directory, Duration within, long untilMillis) {
    static AnswerDeadline after(Duration within, CatalogMount mount, Directory directory) {
        return new AnswerDeadline(mount, directory, within, mount.nowMillis() + within.toMillis());
    }

    void require() throws OriginException.Unavailable {
        if (mount.nowMillis() >= untilMillis) {
            throw missed();
        }
    }

    OriginException.Unavailable missed() {
        return new OriginException.Unavailable("the names of \"" + directory.prefix() + "\" at "
                + mount.origin().store().location() + " were not all listed within " + within.toSeconds()
                + " s; ask again, or wait for the mount's full listing");
    }
}
