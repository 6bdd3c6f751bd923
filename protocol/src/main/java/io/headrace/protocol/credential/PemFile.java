package io.headrace.protocol.credential;

import io.headrace.protocol.credential.CredentialException.Reason;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A file of PEM blocks (RFC 7468). */
public final class PemFile {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,64})-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");
    private static final List<String> KEY_ALGORITHMS = List.of("EC", "RSA", "Ed25519");
    private static final int LINE = 64;

    private final Path path;
    private final String text;

    private PemFile(Path path, String text) {
        this.path = path;
        this.text = text;
    }

    /** A file that everybody may read. */
    public static PemFile read(Path file) throws CredentialException {
        return new PemFile(file, SecretFile.readPublic(file));
    }

    /** A file that is a secret. */
    public static PemFile readSecret(Path file) throws CredentialException {
        return new PemFile(file, SecretFile.read(file));
    }

    /** How bytes are written as a block. */
    public static String block(String label, byte[] der) {
        String body = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    }

    /** At least one; the first is the leaf where they are a chain. */
    public List<X509Certificate> certificates() throws CredentialException {
        List<X509Certificate> found = new ArrayList<>();
        for (byte[] der : blocks("CERTIFICATE")) {
            try {
                found.add((X509Certificate)
                        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der)));
            } catch (CertificateException e) {
                throw wrong("has a certificate that cannot be read (" + e.getMessage() + ")");
            }
        }
        return List.copyOf(found);
    }

    /** The one private key. */
    public PrivateKey privateKey() throws CredentialException {
        if (text.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----")) {
            throw wrong(
                    "has a key with a password, which nobody could type here; store it without one and guard the file");
        }
        if (text.contains("-----BEGIN EC PRIVATE KEY-----") || text.contains("-----BEGIN RSA PRIVATE KEY-----")) {
            throw wrong("has a key of an old form; turn it into PKCS #8: openssl pkcs8 -topk8 -nodes -in " + path);
        }
        PKCS8EncodedKeySpec encoded =
                new PKCS8EncodedKeySpec(blocks("PRIVATE KEY").getFirst());
        return ofAnyAlgorithm(factory -> factory.generatePrivate(encoded))
                .orElseThrow(() -> wrong("has a private key that is none of " + KEY_ALGORITHMS));
    }

    /** At least one. */
    public List<PublicKey> publicKeys() throws CredentialException {
        List<PublicKey> found = new ArrayList<>();
        for (byte[] der : blocks("PUBLIC KEY")) {
            found.add(ofAnyAlgorithm(factory -> factory.generatePublic(new X509EncodedKeySpec(der)))
                    .orElseThrow(() -> wrong("has a public key that is none of " + KEY_ALGORITHMS)));
        }
        return List.copyOf(found);
    }

    /** Makes a key, or fails because it is of another algorithm. */
    private interface KeyMaker<K> {
        K make(KeyFactory factory) throws GeneralSecurityException;
    }

    private static <K> Optional<K> ofAnyAlgorithm(KeyMaker<K> maker) {
        return KEY_ALGORITHMS.stream()
                .flatMap(algorithm -> {
                    try {
                        return Stream.of(maker.make(KeyFactory.getInstance(algorithm)));
                    } catch (GeneralSecurityException ofAnother) {
                        return Stream.empty();
                    }
                })
                .findFirst();
    }

    private List<byte[]> blocks(String label) throws CredentialException {
        List<byte[]> found = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            if (label.equals(matcher.group(1))) {
                found.add(decode(matcher.group(2)));
            }
        }
        if (found.isEmpty()) {
            throw wrong("has no block -----BEGIN " + label + "-----; it should be a PEM file with one");
        }
        return found;
    }

    private byte[] decode(String body) throws CredentialException {
        try {
            return Base64.getMimeDecoder().decode(body);
        } catch (IllegalArgumentException e) {
            throw wrong("has a block that is no Base64");
        }
    }

    private CredentialException wrong(String message) {
        return new CredentialException(Reason.WRONG_CONTENT, path, message);
    }
}
