package io.headrace.protocol.tls;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Why two processes do not come together, out of what their TLS libraries throw. */
public final class TlsTrouble {
    private static final int MOST_CAUSES = 16;

    private static final List<String> NO_RECORD =
            List.of("Unsupported or unrecognized SSL message", "Unrecognized SSL message");

    private TlsTrouble() {}

    /**
     * What is wrong and what to do, to go on with after a name of the other side and a colon.
     *
     * @return empty when it is nothing of TLS
     */
    public static Optional<String> explain(Throwable failure) {
        boolean ofTls = false;
        String alert = "";
        Throwable cause = failure;
        for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
            Throwable seen = cause;
            Optional<String> certain = ofCertificate(cause).or(() -> ofPlainText(seen));
            if (certain.isPresent()) {
                return certain;
            }
            ofTls |= cause instanceof SSLException;
            alert = cause instanceof SSLException && alert.isEmpty() ? String.valueOf(cause.getMessage()) : alert;
            cause = cause.getCause();
        }
        if (!ofTls) {
            return Optional.empty();
        }
        return Optional.of(
                alert.contains("Received fatal alert")
                        ? "it does not accept the certificate of this process (" + alert
                                + "); its log says why. Is tls.certificate-file signed by a CA in its tls.trusted-file, and still valid?"
                        : "no TLS connection came about (" + alert + ")");
    }

    // What follows are several causes in the words of the JDK and of Netty, which have no types for them.
    private static Optional<String> ofCertificate(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        if (cause instanceof CertificateExpiredException) {
            return Optional.of("its certificate expired (" + message + "); give it a new one");
        }
        if (cause instanceof CertificateNotYetValidException) {
            return Optional.of(
                    "its certificate is not valid yet (" + message + "); compare the clocks of both machines");
        }
        if (cause instanceof CertPathBuilderException) {
            return Optional.of("its certificate is not signed by a CA in tls.trusted-file of this process; both sides"
                    + " need certificates of CAs that the other trusts");
        }
        if (cause instanceof CertificateException
                && (message.startsWith("No subject alternative") || message.startsWith("No name matching"))) {
            return Optional.of("its certificate is for another host (" + message + "); make one that has this name,"
                    + " or use the name that it has");
        }
        return Optional.empty();
    }

    private static Optional<String> ofPlainText(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        boolean noRecord = cause.getClass().getSimpleName().equals("NotSslRecordException")
                || (cause instanceof SSLException && NO_RECORD.stream().anyMatch(message::contains));
        return noRecord
                ? Optional.of("it speaks plain text and this process TLS; give both the same tls settings")
                : Optional.empty();
    }
}
