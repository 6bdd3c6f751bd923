package io.headrace.master.catalog;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An empty catalog for each test, and an origin that may be mounted in it. */
abstract class OneOpenCatalog {
    static final Duration BOUND = MountSettings.defaults().staleness();

    @TempDir
    Path directory;

    final FakeOrigin origin = new FakeOrigin("s3://models", 10);
    OpenCatalog open;

    @BeforeEach
    final void openCatalog() throws IOException {
        open = OpenCatalog.open(directory);
    }

    @AfterEach
    final void closeCatalog() throws IOException {
        open.close();
    }
}
