package io.headrace.protocol.token;

import io.headrace.protocol.credential.CredentialException;
import io.headrace.protocol.credential.CredentialException.Reason;
import io.headrace.protocol.credential.PemFile;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.List;

/** Keys of tokens in files: Ed25519, PEM. */
public final class TokenKeys {
    private static final String ALGORITHM = "EdDSA";

    /** Each is tried for each token. */
    private static final int MOST_KEYS = 8;

    private TokenKeys() {}

    public static KeyPair generate() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JDK has Ed25519 since 15", e);
        }
    }

    /** With which tokens are signed. */
    public static PrivateKey readPrivate(Path file) throws CredentialException {
        PrivateKey key = PemFile.readSecret(file).privateKey();
        if (!key.getAlgorithm().equals(ALGORITHM)) {
            throw wrong(file);
        }
        return key;
    }

    /** With which tokens are verified: at least one. */
    public static List<PublicKey> readPublic(Path file) throws CredentialException {
        List<PublicKey> keys = PemFile.read(file).publicKeys();
        if (keys.size() > MOST_KEYS) {
            throw new CredentialException(
                    Reason.WRONG_CONTENT, file, "has more than " + MOST_KEYS + " keys; take old ones out");
        }
        if (keys.stream().anyMatch(key -> !key.getAlgorithm().equals(ALGORITHM))) {
            throw wrong(file);
        }
        return keys;
    }

    private static CredentialException wrong(Path file) {
        return new CredentialException(
                Reason.WRONG_CONTENT, file, "has a key that is not Ed25519; make one: headrace token key create");
    }
}
