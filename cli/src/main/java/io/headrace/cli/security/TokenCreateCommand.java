package io.headrace.cli.security;

import io.headrace.cli.ExitCode;
import io.headrace.cli.settings.SettingType;
import io.headrace.protocol.MountId;
import io.headrace.protocol.credential.SecretFile;
import io.headrace.protocol.token.Grant;
import io.headrace.protocol.token.Grant.Scope;
import io.headrace.protocol.token.Grant.Validity;
import io.headrace.protocol.token.Right;
import io.headrace.protocol.token.TokenCodec;
import io.headrace.protocol.token.TokenKeys;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "create",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Makes a token: who holds it may do what it says until it expires.",
            "Before that it is called back by its id in the masters and workers' token.called-back-file; better make it short-lived."
        })
final class TokenCreateCommand implements Callable<Integer> {
    @Option(
            names = "--key",
            paramLabel = "FILE",
            required = true,
            description = "The key that signs it, as made by 'headrace token key create'.")
    private @Nullable Path key;

    @Option(names = "--tenant", paramLabel = "NAME", required = true, description = "For whom it is; told in logs.")
    private @Nullable String tenant;

    @Option(
            names = "--data-set",
            paramLabel = "URI|ID",
            description = "What it covers: the URI of an origin as it is mounted, or its mount id. May be repeated.")
    private List<String> dataSets = new ArrayList<>();

    @Option(names = "--all-data-sets", description = "It covers all that the cluster has and will have.")
    private boolean all;

    @Option(
            names = "--rights",
            paramLabel = "RIGHT",
            split = ",",
            description = "read; mount (and unmount; includes read); worker (of the workers themselves; includes read);"
                    + " administer (includes mount). Several with commas between (default: read).")
    private List<String> rights = List.of("read");

    @Option(names = "--expires", paramLabel = "TIME", description = "How long it is good, such as 12h (default: 12h).")
    private String expires = "12h";

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description =
                    "Where to write it, in place of what is there; only its owner may read it (default: print it).")
    private @Nullable Path out;

    @Override
    public Integer call() throws IOException {
        Duration life = SettingType.duration(expires);
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        Grant grant = new Grant(
                UUID.randomUUID().toString(),
                Objects.requireNonNull(tenant),
                scope(),
                rights.stream().map(Right::of).collect(Collectors.toSet()),
                new Validity(now, now.plus(life)));
        String token = TokenCodec.sign(grant, TokenKeys.readPrivate(Objects.requireNonNull(key)));
        if (out == null) {
            System.out.println(token);
        } else {
            SecretFile.replace(out, token + "\n");
        }
        System.err.println((out == null ? "Made " + grant.name() : "Wrote " + grant.name() + " to " + out)
                + "; it expires at " + grant.validity().expires());
        return ExitCode.OK.status();
    }

    private Scope scope() {
        if (all == !dataSets.isEmpty()) {
            throw new IllegalArgumentException(
                    "say what the token covers: --data-set URI, once or several times, or --all-data-sets");
        }
        return all ? new Scope.AllMounts() : new Scope.Mounts(mounts());
    }

    private Set<MountId> mounts() {
        return dataSets.stream()
                .map(text -> text.contains("://") || text.startsWith("file:/")
                        ? MountId.of(URI.create(text))
                        : new MountId(text))
                .collect(Collectors.toSet());
    }
}
