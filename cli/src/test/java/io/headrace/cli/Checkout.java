package io.headrace.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The source tree that the tests run in. */
public final class Checkout {
    private Checkout() {}

    /** The folder that holds {@code bin/headrace}, at or above the working directory. */
    public static Path root() {
        for (Optional<Path> at = Optional.of(Path.of("").toAbsolutePath());
                at.isPresent();
                at = at.map(Path::getParent)) {
            if (Files.isExecutable(at.get().resolve("bin/headrace"))) {
                return at.get();
            }
        }
        throw new IllegalStateException("the tests run in no checkout: no bin/headrace above the working directory");
    }
}
