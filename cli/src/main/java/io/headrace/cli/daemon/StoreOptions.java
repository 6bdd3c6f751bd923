package io.headrace.cli.daemon;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that keeps blocks. */
public final class StoreOptions {
    @Option(
            names = "--cache",
            paramLabel = "DIR[:SIZE]",
            description =
                    "Where blocks are cached on disk, and how many bytes at most (0: none). Default: a directory below "
                            + "~/.cache/headrace, and four fifths of what is free.")
    private @Nullable String cache;

    @Option(names = "--memory", paramLabel = "SIZE", description = "Most bytes cached in memory (0: none).")
    private @Nullable String memory;

    @Option(
            names = "--time-to-live",
            paramLabel = "TIME",
            description = "Drop files that nobody opened for so long, such as 12h or 7d (default: never).")
    private @Nullable String timeToLive;

    /** Those that were given. */
    public Map<String, String> settings() {
        Map<String, String> said = new LinkedHashMap<>();
        Optional.ofNullable(cache).map(CacheArgument::parse).ifPresent(argument -> {
            said.put("store.directory", argument.directory().toString());
            argument.size().ifPresent(size -> said.put("store.disk-capacity", Long.toString(size.bytes())));
        });
        Optional.ofNullable(memory).ifPresent(value -> said.put("store.memory-capacity", value));
        Optional.ofNullable(timeToLive).ifPresent(value -> said.put("store.time-to-live", value));
        return said;
    }
}
