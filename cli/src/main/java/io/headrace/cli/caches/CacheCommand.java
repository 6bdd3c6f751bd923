package io.headrace.cli.caches;

import io.headrace.cli.CommandException;
import io.headrace.cli.ExitCode;
import io.headrace.cli.OutputFormat;
import io.headrace.cli.commands.Amounts;
import io.headrace.cli.settings.SettingType;
import io.headrace.cli.settings.Settings;
import io.headrace.store.DirectoryInUseException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "cache",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Lists the caches of mounts that were given no --cache, and removes those that nobody uses.",
        footer = {
            "",
            "  headrace cache list                          what there is, the longest unused first",
            "  headrace cache remove s3-models-llama-3f2a…  one, by its name in the list or its directory",
            "  headrace cache remove --unused-for 30d       all that nobody mounted for so long",
            "",
            "A cache that is mounted is never removed. A mount's own '--cache DIR' is not listed: delete the directory."
        })
public final class CacheCommand implements Callable<Integer> {
    /** What to do. */
    enum Action {
        LIST,
        REMOVE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(index = "0", paramLabel = "list|remove", description = "What to do.")
    private Action action = Action.LIST;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "CACHE", description = "Names or directories, to remove.")
    private List<String> chosen = new ArrayList<>();

    @Option(
            names = "--unused-for",
            paramLabel = "TIME",
            description = "Only those that nobody mounted or unmounted for so long, such as 30d.")
    private @Nullable String unusedFor;

    @Option(names = "--output", paramLabel = "text|json", description = "How to print (default: text).")
    private OutputFormat output = OutputFormat.TEXT;

    @Override
    public Integer call() throws IOException, CommandException {
        OwnCaches caches =
                OwnCaches.below(Settings.read(List.of(), Map.of()).store().directory());
        List<KeptCache> matching = matching(caches.list());
        if (action == Action.REMOVE) {
            return remove(matching).status();
        }
        if (matching.isEmpty() && output == OutputFormat.TEXT) {
            System.out.println("There is no such cache below " + caches.root());
        }
        matching.forEach(this::print);
        return ExitCode.OK.status();
    }

    private List<KeptCache> matching(List<KeptCache> all) throws CommandException {
        if (action == Action.REMOVE && chosen.isEmpty() && unusedFor == null) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "name the caches to remove, or say --unused-for TIME; headrace cache list has them");
        }
        for (String name : chosen) {
            if (all.stream().noneMatch(cache -> is(cache, name))) {
                throw new CommandException(
                        ExitCode.NOT_FOUND, "there is no cache " + name + "; headrace cache list has them all");
            }
        }
        Instant before = unusedFor == null ? Instant.MAX : Instant.now().minus(SettingType.duration(unusedFor));
        return all.stream()
                .filter(cache -> chosen.isEmpty() || chosen.stream().anyMatch(name -> is(cache, name)))
                .filter(cache -> unusedFor == null
                        || (cache.user().isEmpty() && cache.lastUsed().isBefore(before)))
                .toList();
    }

    private static boolean is(KeptCache cache, String name) {
        return cache.name().equals(name)
                || cache.directory().equals(Path.of(name).toAbsolutePath().normalize());
    }

    private ExitCode remove(List<KeptCache> caches) throws IOException {
        ExitCode worst = ExitCode.OK;
        for (KeptCache cache : caches) {
            try {
                OwnCaches.remove(cache);
                System.out.println(
                        output == OutputFormat.JSON
                                ? cache.asJson()
                                : "removed " + cache.name() + ", " + Amounts.bytes(cache.bytes()));
            } catch (CommandException | DirectoryInUseException inUse) {
                System.err.println("headrace: " + inUse.getMessage());
                worst = ExitCode.BUSY;
            }
        }
        return worst;
    }

    private void print(KeptCache cache) {
        if (output == OutputFormat.JSON) {
            System.out.println(cache.asJson());
            return;
        }
        System.out.printf(
                "%s%n  of         %s%n  holds      %s in %s%n  last used  %s%n",
                cache.name(),
                cache.origins().isEmpty() ? "(not known: an earlier version made it)" : cache.origins(),
                Amounts.bytes(cache.bytes()),
                cache.directory(),
                cache.user()
                        .map(user -> "now, by " + user)
                        .orElseGet(() -> Amounts.time(cache.lastUsed().toEpochMilli())));
    }
}
