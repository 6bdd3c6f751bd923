package io.headrace.protocol.token;

import io.headrace.protocol.credential.CredentialException;
import io.headrace.protocol.credential.CredentialException.Reason;
import io.headrace.protocol.credential.SecretFile;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;

/** The file of the tokens that were called back: an id a line; what comes behind {@code #} is for people. */
public final class CalledBackTokens {
    private CalledBackTokens() {}

    /** @throws CredentialException when it cannot be read, or holds what is no id */
    public static Set<String> read(Path file) throws CredentialException {
        Set<String> ids = SecretFile.readPublic(file)
                .lines()
                .map(line -> line.replaceFirst("#.*", "").strip())
                .filter(line -> !line.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
        for (String id : ids) {
            if (id.length() > Grant.MOST_CHARACTERS || id.chars().anyMatch(Character::isWhitespace)) {
                throw new CredentialException(
                        Reason.WRONG_CONTENT,
                        file,
                        "has a line that is no id of a token; write one a line, as 'headrace token create' tells them");
            }
        }
        return ids;
    }
}
