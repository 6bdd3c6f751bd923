package io.headrace.master.catalog;

import io.headrace.protocol.FaultPoints;
import java.nio.file.Path;
import java.time.Duration;

/** Lists an origin, and lists it again after it changed, until the fault of its arguments ends the process. */
final class CatalogCrashChild {
    private static final int PAGE_SIZE = 5000;
    /** More than one import takes, so that there are two. */
    private static final int FILES = 40_000;

    private CatalogCrashChild() {}

    public static void main(String[] args) throws Exception {
        FakeOrigin origin = origin();
        try (OpenCatalog open = new OpenCatalog(Path.of(args[0]), new SetClock(), FaultPoints.parse(args[1]))) {
            CatalogMount mount = open.mountListed(origin);
            change(origin);
            open.clock.advance(Duration.ofMillis(1));
            mount.list();
        }
    }

    /** The origin as it was at first: the same in each process. */
    static FakeOrigin origin() {
        FakeOrigin origin = new FakeOrigin("s3://crash", PAGE_SIZE);
        for (int i = 0; i < FILES; i++) {
            origin.put(key(i), i);
        }
        return origin;
    }

    /** Replaces, removes and adds, few in one place and many in another. */
    static void change(FakeOrigin origin) {
        for (int i = 0; i < FILES; i += 7) {
            origin.put(key(i), i + 1L);
        }
        for (int i = 3; i < FILES; i += 11) {
            origin.remove(key(i));
        }
        for (int i = 0; i < PAGE_SIZE; i++) {
            origin.put("new/" + i, i);
        }
    }

    private static String key(int number) {
        return "d" + number / 3000 + "/e" + number % 5 + "/" + number;
    }
}
