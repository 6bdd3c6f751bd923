package io.headrace.cli.security;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ServerCredentials;
import io.headrace.cli.process.OpenParts;
import io.headrace.cli.settings.Settings;
import io.headrace.client.cluster.MasterAccess;
import io.headrace.protocol.Bytes;
import io.headrace.protocol.credential.Reloaded;
import io.headrace.protocol.tls.TlsIdentity;
import io.headrace.protocol.token.CalledBackTokens;
import io.headrace.protocol.token.OwnToken;
import io.headrace.protocol.token.TokenJudge;
import io.headrace.protocol.token.TokenKeys;
import io.headrace.protocol.token.TokenSettings;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** What a process of a cluster shows to others and demands of them, by its settings. Files are looked at until it is closed. */
public final class Security implements Closeable {
    private final OpenParts parts = new OpenParts();
    private Optional<TlsIdentity> tls = Optional.empty();
    private Optional<TokenJudge> judge = Optional.empty();
    private Supplier<Bytes> token = () -> Bytes.EMPTY;

    private Security() {}

    /** @throws io.headrace.protocol.credential.CredentialException when a file cannot be used */
    public static Security open(Settings settings) throws IOException {
        Security security = new Security();
        try {
            security.read(settings);
            return security;
        } catch (IOException | RuntimeException failure) {
            security.close();
            throw failure;
        }
    }

    private void read(Settings settings) throws IOException {
        if (settings.tls().isOn()) {
            TlsIdentity identity = TlsIdentity.open(settings.tls());
            parts.add(identity::close);
            tls = Optional.of(identity);
        }
        TokenSettings tokens = settings.token();
        OwnToken own = OwnToken.open(tokens, Optional.ofNullable(System.getenv("HEADRACE_TOKEN")));
        parts.add(own::close);
        token = own;
        if (tokens.keysFile().isPresent()) {
            Path file = tokens.keysFile().get();
            Reloaded<List<PublicKey>> keys =
                    Reloaded.start("token keys", tokens.reloadInterval(), () -> TokenKeys.readPublic(file), _ -> {});
            parts.add(keys::close);
            judge = Optional.of(new TokenJudge(keys, calledBack(tokens), tokens.leeway(), Clock.systemUTC()));
        }
    }

    private Supplier<Set<String>> calledBack(TokenSettings tokens) throws IOException {
        if (tokens.calledBackFile().isEmpty()) {
            return Set::of;
        }
        Path file = tokens.calledBackFile().get();
        Reloaded<Set<String>> ids = Reloaded.start(
                "tokens called back", tokens.reloadInterval(), () -> CalledBackTokens.read(file), _ -> {});
        parts.add(ids::close);
        return ids;
    }

    /** Who this process is; empty for plain text. */
    public Optional<TlsIdentity> tls() {
        return tls;
    }

    /** Of those who come to this process; empty when they need no token. */
    public Optional<TokenJudge> judge() {
        return judge;
    }

    /** What this process shows to workers; empty for none. */
    public Supplier<Bytes> token() {
        return token;
    }

    /** With what this process goes to its master. */
    public MasterAccess towardsMaster() {
        ChannelCredentials credentials = tls.isPresent() ? tls.get().ofClient() : InsecureChannelCredentials.create();
        return new MasterAccess(credentials, token);
    }

    public ServerCredentials server() {
        return tls.isPresent() ? tls.get().ofServer() : InsecureServerCredentials.create();
    }

    @Override
    public void close() throws IOException {
        parts.close();
    }
}
