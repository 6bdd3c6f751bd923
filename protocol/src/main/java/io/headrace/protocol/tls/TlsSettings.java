package io.headrace.protocol.tls;

import io.headrace.protocol.Setting;
import io.headrace.protocol.cluster.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/** Who a process of a cluster is, and whom it believes. */
public record TlsSettings(
        @Setting(
                value =
                        "The certificate of this process, with those that lead to its CA behind it (PEM). With it, all"
                                + " connections of the cluster are encrypted, and both sides show their certificate. Needs the next two.",
                defaultValue = "")
        Optional<Path> certificateFile,

        @Setting(
                value =
                        "The private key of the certificate (PEM, PKCS #8, no password). Its owner and group may read it,"
                                + " nobody else.",
                defaultValue = "")
        Optional<Path> keyFile,

        @Setting(
                value = "Certificates of the CAs whose certificates the other side may show (PEM). With the old and the"
                        + " new one in it, a CA is replaced without an interruption.",
                defaultValue = "")
        Optional<Path> trustedFile,

        @Setting(
                value =
                        "The name in the certificates of workers, where they all share one; empty when each has the host"
                                + " in it under which it is reached.",
                defaultValue = "")
        Optional<String> workerName,

        @Setting(value = "How often the three files are looked at for changes.", defaultValue = "10s")
        Duration reloadInterval) {

    public TlsSettings {
        long named = Stream.of(certificateFile, keyFile, trustedFile)
                .filter(Optional::isPresent)
                .count();
        if (named != 0 && named != 3) {
            throw new IllegalArgumentException("of tls.certificate-file, tls.key-file and tls.trusted-file some are set"
                    + " and some are not: set all three, or none for plain text");
        }
        if (reloadInterval.isZero()) {
            throw new IllegalArgumentException("tls.reload-interval is longer than 0");
        }
    }

    public static TlsSettings off() {
        return new TlsSettings(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Duration.ofSeconds(10));
    }

    /**
     * That other machines do not reach what is in plain text unless somebody said so.
     *
     * @param section of the settings of who listens
     */
    public void requireSafe(String section, Endpoint listen, boolean allowPlaintext) {
        if (!isOn() && !allowPlaintext && !listen.isLoopback()) {
            throw new IllegalArgumentException(section + ".listen is " + listen
                    + ", which other machines reach, and nothing is encrypted there. Set tls.certificate-file,"
                    + " tls.key-file and tls.trusted-file, listen on 127.0.0.1, or set " + section
                    + ".allow-plaintext=true on a network of your own");
        }
    }

    public boolean isOn() {
        return certificateFile.isPresent();
    }
}
