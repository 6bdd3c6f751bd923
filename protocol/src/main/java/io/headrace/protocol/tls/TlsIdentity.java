package io.headrace.protocol.tls;

import io.grpc.ChannelCredentials;
import io.grpc.ServerCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import io.grpc.util.AdvancedTlsX509TrustManager.Verification;
import io.headrace.protocol.credential.CredentialException;
import io.headrace.protocol.credential.Reloaded;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;

/**
 * Who this process is and whom it believes, for both planes. New connections use what the files say now; those that are
 * open stay as they are. Thread-safe.
 */
public final class TlsIdentity implements AutoCloseable {
    private static final String[] PROTOCOLS = {"TLSv1.3"};

    private final AdvancedTlsX509KeyManager keys = new AdvancedTlsX509KeyManager();
    private final AdvancedTlsX509TrustManager trust;
    private final SSLContext context;
    private final Optional<String> workerName;
    private final Reloaded<TlsMaterial> material;

    private TlsIdentity(TlsSettings settings) throws CredentialException, GeneralSecurityException {
        this.trust = AdvancedTlsX509TrustManager.newBuilder()
                .setVerification(Verification.CERTIFICATE_AND_HOST_NAME_VERIFICATION)
                .build();
        this.context = SSLContext.getInstance("TLS");
        this.context.init(new KeyManager[] {keys}, new TrustManager[] {trust}, new SecureRandom());
        this.workerName = settings.workerName();
        this.material = Reloaded.start(
                "certificate", settings.reloadInterval(), () -> TlsMaterial.read(settings, Instant.now()), this::use);
    }

    /**
     * Reads the files, which are looked at for changes until this is closed.
     *
     * @param settings that are on
     * @throws CredentialException when one cannot be used
     */
    public static TlsIdentity open(TlsSettings settings) throws CredentialException {
        try {
            return new TlsIdentity(settings);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has TLS", e);
        }
    }

    private void use(TlsMaterial fresh) {
        try {
            trust.updateTrustCredentials(fresh.trusted().toArray(new X509Certificate[0]));
            keys.updateIdentityCredentials(fresh.chain().toArray(new X509Certificate[0]), fresh.key());
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("certificates that were read are not accepted: " + e.getMessage(), e);
        }
    }

    /** The certificate that is shown now. */
    public X509Certificate certificate() {
        return material.get().chain().getFirst();
    }

    /** For calls to the master, whose certificate must be for the host that is called. */
    public ChannelCredentials ofClient() {
        return TlsChannelCredentials.newBuilder()
                .keyManager(keys)
                .trustManager(trust)
                .build();
    }

    /** For a server of calls, which demands a certificate of each client. */
    public ServerCredentials ofServer() {
        return TlsServerCredentials.newBuilder()
                .keyManager(keys)
                .trustManager(trust)
                .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
                .build();
    }

    /** For a connection to a worker, whose certificate must be for that host, or have the name that all workers share. */
    public SSLEngine towardsWorker(String host, int port) {
        SSLEngine engine = context.createSSLEngine(workerName.orElse(host), port);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(PROTOCOLS);
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** For a connection of a client, which must show a certificate. */
    public SSLEngine towardsClient() {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(PROTOCOLS);
        parameters.setNeedClientAuth(true);
        engine.setSSLParameters(parameters);
        return engine;
    }

    List<X509Certificate> trusted() {
        return material.get().trusted();
    }

    @Override
    public void close() {
        material.close();
    }
}
