package io.headrace.cli.cluster;

import io.headrace.cli.ExitCode;
import io.headrace.testing.tls.CertificateAuthority;
import io.headrace.testing.tls.CertificateAuthority.Issued;
import io.headrace.testing.tls.CertificateAuthority.Period;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "certs",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Makes certificates for trying TLS: a CA, and for each host a certificate and its key.",
            "The key of the CA is thrown away: for one more host all are made again. A cluster that stays has a CA of its own."
        })
final class ClusterCertsCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "Where to write ca.pem, and HOST.pem and HOST.key of each host.")
    private @Nullable Path directory;

    @Option(
            names = "--host",
            paramLabel = "NAME",
            description =
                    "A host name or address that the others reach. May be repeated (default: localhost and 127.0.0.1, in one).")
    private List<String> hosts = new ArrayList<>();

    @Option(names = "--days", paramLabel = "N", description = "How long they are valid (default: 30).")
    private int days = 30;

    @Override
    public Integer call() throws IOException {
        if (days < 1) {
            throw new IllegalArgumentException("--days is " + days + "; it is at least 1");
        }
        Path folder = Files.createDirectories(
                Objects.requireNonNull(directory).toAbsolutePath(),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        CertificateAuthority authority = CertificateAuthority.create("headrace certs", Period.days(days));
        Path trusted = authority.writeTo(folder.resolve("ca.pem"));
        if (hosts.isEmpty()) {
            tell(authority.issue(folder, "localhost", List.of("localhost", "127.0.0.1"), Period.days(days)), trusted);
        }
        for (String host : hosts) {
            tell(authority.issue(folder, host, List.of(host), Period.days(days)), trusted);
        }
        return ExitCode.OK.status();
    }

    private static void tell(Issued issued, Path trusted) {
        System.out.println("tls.certificate-file = " + issued.certificate());
        System.out.println("tls.key-file = " + issued.key());
        System.out.println("tls.trusted-file = " + trusted);
    }
}
