package io.headrace.protocol.token;

import io.headrace.protocol.Bytes;
import io.headrace.protocol.block.BlockProtocol;
import io.headrace.protocol.credential.CredentialException;
import io.headrace.protocol.credential.CredentialException.Reason;
import io.headrace.protocol.credential.Reloaded;
import io.headrace.protocol.credential.SecretFile;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/** The token that this process shows; empty for none. Thread-safe. */
public final class OwnToken implements Supplier<Bytes>, AutoCloseable {
    private final Supplier<Bytes> source;
    private final Runnable end;

    private OwnToken(Supplier<Bytes> source, Runnable end) {
        this.source = source;
        this.end = end;
    }

    /**
     * Reads the file, which is looked at for changes until this is closed.
     *
     * @param fromEnvironment what to show where the settings name no file
     */
    public static OwnToken open(TokenSettings settings, Optional<String> fromEnvironment) throws CredentialException {
        if (settings.file().isEmpty()) {
            Bytes token = Bytes.utf8(fromEnvironment.orElse("").strip());
            return new OwnToken(() -> token, () -> {});
        }
        Path file = settings.file().get();
        Reloaded<Bytes> read = Reloaded.start("token", settings.reloadInterval(), () -> read(file), _ -> {});
        return new OwnToken(read, read::close);
    }

    private static Bytes read(Path file) throws CredentialException {
        Bytes token = Bytes.utf8(SecretFile.read(file).strip());
        if (token.isEmpty() || token.length() > BlockProtocol.MOST_TOKEN_BYTES) {
            throw new CredentialException(
                    Reason.WRONG_CONTENT, file, "should hold one token; make one: headrace token create");
        }
        return token;
    }

    @Override
    public Bytes get() {
        return source.get();
    }

    @Override
    public void close() {
        end.run();
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "OwnToken";
    }
}
