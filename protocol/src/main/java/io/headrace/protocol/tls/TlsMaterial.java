package io.headrace.protocol.tls;

import io.headrace.protocol.credential.CredentialException;
import io.headrace.protocol.credential.CredentialException.Reason;
import io.headrace.protocol.credential.PemFile;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/** What the files of {@link TlsSettings} say. */
record TlsMaterial(List<X509Certificate> chain, PrivateKey key, List<X509Certificate> trusted) {
    /**
     * @param now at which the certificate must be valid
     * @throws CredentialException when one cannot be used
     */
    static TlsMaterial read(TlsSettings settings, Instant now) throws CredentialException {
        Path certificateFile = settings.certificateFile().orElseThrow();
        Path keyFile = settings.keyFile().orElseThrow();
        List<X509Certificate> chain = PemFile.read(certificateFile).certificates();
        requireValid(certificateFile, chain.getFirst(), now);
        PrivateKey key = PemFile.readSecret(keyFile).privateKey();
        if (!belongTogether(key, chain.getFirst().getPublicKey())) {
            throw new CredentialException(
                    Reason.WRONG_KEY,
                    keyFile,
                    "is not the key of the certificate in " + certificateFile + "; replace both together");
        }
        return new TlsMaterial(
                chain, key, PemFile.read(settings.trustedFile().orElseThrow()).certificates());
    }

    private static void requireValid(Path file, X509Certificate certificate, Instant now) throws CredentialException {
        try {
            certificate.checkValidity(Date.from(now));
        } catch (CertificateExpiredException e) {
            throw new CredentialException(
                    Reason.EXPIRED,
                    file,
                    "has a certificate that expired at "
                            + certificate.getNotAfter().toInstant() + "; put a new one there");
        } catch (CertificateNotYetValidException e) {
            throw new CredentialException(
                    Reason.EXPIRED,
                    file,
                    "has a certificate that is not valid before "
                            + certificate.getNotBefore().toInstant() + "; is the clock of this machine right?");
        }
    }

    private static boolean belongTogether(PrivateKey key, PublicKey certified) {
        String algorithm = switch (key.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> key.getAlgorithm();
        };
        byte[] anything = {1, 2, 3};
        try {
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(key);
            signing.update(anything);
            byte[] signed = signing.sign();
            Signature verifying = Signature.getInstance(algorithm);
            verifying.initVerify(certified);
            verifying.update(anything);
            return verifying.verify(signed);
        } catch (GeneralSecurityException differentKinds) {
            return false;
        }
    }

    @Override
    public String toString() {
        return "TlsMaterial of " + chain.getFirst().getSubjectX500Principal();
    }
}
