package io.headrace.storage;

import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** The certificates of {@link UnderStoreOption#CA_FILE}. */
public final class TrustedCertificates {
    private TrustedCertificates() {}

    /**
     * @param file X.509 certificates in PEM form, one behind the other
     * @return what trusts servers with a certificate that these vouch for, and no others
     */
    public static TrustManager[] read(Path file) throws OriginException {
        try (InputStream input = Files.newInputStream(file)) {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(input);
            if (certificates.isEmpty()) {
                throw new CertificateException("it holds no certificate");
            }
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (Certificate certificate : certificates) {
                store.setCertificateEntry("ca-" + store.size(), certificate);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory.getTrustManagers();
        } catch (GeneralSecurityException | IOException e) {
            throw new OriginException.Refused(
                    Refusal.TLS,
                    "the certificates in ca-file " + file + " cannot be used: " + e.getMessage()
                            + ". Name a file of PEM certificates (-----BEGIN CERTIFICATE-----)",
                    e);
        }
    }
}
