package io.headrace.master.catalog;

import io.headrace.client.names.NamesSettings;
import java.time.Duration;

/** The same for a client that reads each directory two names at a time, and remembers nearly nothing. */
final class ServedInPagesNamespaceTest extends ServedNamespaceTest {
    @Override
    NamesSettings settings() {
        return new NamesSettings(Duration.ofSeconds(60), Duration.ofMinutes(10), 1, 1, 2);
    }
}
