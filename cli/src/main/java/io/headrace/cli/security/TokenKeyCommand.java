package io.headrace.cli.security;

import io.headrace.cli.ExitCode;
import io.headrace.protocol.credential.PemFile;
import io.headrace.protocol.credential.SecretFile;
import io.headrace.protocol.token.TokenKeys;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.KeyPair;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "key",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = TokenKeyCommand.Create.class,
        description = "Makes keys that sign tokens.")
final class TokenKeyCommand {
    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = {
                "Makes a key that signs tokens, which only its owner may read, and beside it, with .pub behind its name,"
                        + " the public key that verifies them.",
                "To replace a key: append the new public key to token.keys-file everywhere, sign with the new key, and"
                        + " take the old one out when its tokens have expired."
            })
    static final class Create implements Callable<Integer> {
        @Option(names = "--key", paramLabel = "FILE", required = true, description = "Where to write it.")
        private @Nullable Path file;

        @Override
        public Integer call() throws IOException {
            Path secret = Objects.requireNonNull(file);
            Path open = Path.of(secret + ".pub");
            KeyPair keys = TokenKeys.generate();
            try {
                SecretFile.create(
                        secret, PemFile.block("PRIVATE KEY", keys.getPrivate().getEncoded()));
                Files.writeString(
                        open,
                        PemFile.block("PUBLIC KEY", keys.getPublic().getEncoded()),
                        StandardOpenOption.CREATE_NEW);
            } catch (FileAlreadyExistsException e) {
                throw new IllegalArgumentException(
                        e.getFile() + " is there already, and tokens may be signed with it; name another file", e);
            }
            System.out.println("Signs:    " + secret + " (keep it from others)");
            System.out.println("Verifies: " + open + " (token.keys-file of the master and the workers)");
            return ExitCode.OK.status();
        }
    }
}
