package io.headrace.testing.tls;

import io.headrace.protocol.credential.PemFile;
import io.headrace.protocol.credential.SecretFile;
import io.headrace.protocol.tls.TlsSettings;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A CA whose key is kept in this object alone: it issues what is asked for and is forgotten. */
public final class CertificateAuthority {
    private static final int SERIAL_BITS = 120;
    private static final long SLACK_MINUTES = 10;
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|[0-9a-fA-F:]*:[0-9a-fA-F:]*");

    private final PrivateKey key;
    private final X509Certificate certificate;

    private CertificateAuthority(PrivateKey key, X509Certificate certificate) {
        this.key = key;
        this.certificate = certificate;
    }

    /** The files of one process. */
    public record Issued(Path certificate, Path key) {
        /** Of a process that trusts the CAs of the file. */
        public TlsSettings trusting(Path authorities, Duration reload) {
            return new TlsSettings(
                    Optional.of(certificate), Optional.of(key), Optional.of(authorities), Optional.empty(), reload);
        }
    }

    /** How long a certificate is valid. */
    public record Period(Instant from, Instant until) {
        /** From a little before now, for clocks that are behind. */
        public static Period days(int days) {
            Instant now = Instant.now();
            return new Period(now.minus(SLACK_MINUTES, ChronoUnit.MINUTES), now.plus(days, ChronoUnit.DAYS));
        }
    }

    public static CertificateAuthority create(String name, Period period) {
        try {
            KeyPair keys = keyPair();
            X500Principal subject = new X500Principal("CN=" + name);
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    subject, serial(), Date.from(period.from()), Date.from(period.until()), subject, keys.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            return new CertificateAuthority(keys.getPrivate(), signed(builder, keys.getPrivate()));
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("no CA could be made", e);
        }
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /** Writes the CA's certificate. */
    public Path writeTo(Path file) throws IOException {
        return Files.writeString(file, pem(certificate));
    }

    /**
     * Issues a certificate for a server that is also a client, and writes it and its key as {@code NAME.pem} and {@code
     * NAME.key} into the folder, in place of what is there.
     *
     * @param hosts names and addresses under which it is reached
     */
    public Issued issue(Path folder, String name, List<String> hosts, Period period) throws IOException {
        try {
            KeyPair keys = keyPair();
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    certificate.getSubjectX500Principal(),
                    serial(),
                    Date.from(period.from()),
                    Date.from(period.until()),
                    new X500Principal("CN=" + name),
                    keys.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
                KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
            }));
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(hosts.stream()
                            .map(CertificateAuthority::generalName)
                            .toArray(GeneralName[]::new)));
            return write(folder, name, signed(builder, key), keys.getPrivate());
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("no certificate could be made", e);
        }
    }

    private static Issued write(Path folder, String name, X509Certificate leaf, PrivateKey key) throws IOException {
        Issued issued = new Issued(folder.resolve(name + ".pem"), folder.resolve(name + ".key"));
        SecretFile.replace(issued.key(), PemFile.block("PRIVATE KEY", key.getEncoded()));
        Files.writeString(issued.certificate(), pem(leaf));
        return issued;
    }

    private static GeneralName generalName(String host) {
        int kind = ADDRESS.matcher(host).matches() ? GeneralName.iPAddress : GeneralName.dNSName;
        return new GeneralName(kind, host);
    }

    private static X509Certificate signed(JcaX509v3CertificateBuilder builder, PrivateKey issuer)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuer)));
    }

    private static KeyPair keyPair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static BigInteger serial() {
        return new BigInteger(SERIAL_BITS, new SecureRandom());
    }

    private static String pem(X509Certificate certificate) throws IOException {
        try {
            return PemFile.block("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IOException("a certificate has no encoding", e);
        }
    }
}
