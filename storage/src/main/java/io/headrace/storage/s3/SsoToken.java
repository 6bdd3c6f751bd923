package io.headrace.storage.s3;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ssooidc.SsoOidcClient;
import software.amazon.awssdk.services.ssooidc.model.CreateTokenResponse;
import software.amazon.awssdk.services.ssooidc.model.SsoOidcException;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The access token of a login, read from its file each time, as {@code aws sso login} replaces it. One that ends soon is
 * renewed where the login allows it, and written back, as the AWS tools do: the refresh token may be good only once.
 */
final class SsoToken implements SdkAutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SsoToken.class);
    private static final Duration EARLY = Duration.ofMinutes(5);

    /**
     * Which login it is.
     *
     * @param command that logs in: {@code aws sso login --profile models}
     */
    record Place(Path file, String command) {}

    private final Place place;
    private final SsoOidcClient client;
    private final InstantSource clock;

    /** For a file that cannot be written. */
    @GuardedBy("this")
    private Optional<SsoLogin> renewed = Optional.empty();

    /** @param client closed with this */
    SsoToken(Place place, SsoOidcClient client, InstantSource clock) {
        this.place = place;
        this.client = client;
        this.clock = clock;
    }

    /**
     * @throws KnownCredentials.Missing when somebody has to log in
     * @throws KnownCredentials.Unanswered when it may succeed later
     */
    synchronized String current() {
        Instant now = clock.instant();
        Optional<SsoLogin> written = SsoLogin.read(place.file);
        SsoLogin login = renewed.filter(own ->
                        written.isEmpty() || own.expires().isAfter(written.get().expires()))
                .or(() -> written)
                .orElseThrow(() -> missing("there is no login in " + place.file));
        if (now.isAfter(login.expires().minus(EARLY)) && login.isRenewable(now)) {
            login = renew(login, now);
        }
        if (!now.isBefore(login.expires())) {
            throw missing("the login in " + place.file + " ended at " + login.expires());
        }
        return login.text("accessToken");
    }

    /** The one that there is when it is good for a while yet and cannot be renewed now. */
    @GuardedBy("this")
    private SsoLogin renew(SsoLogin login, Instant now) {
        try {
            CreateTokenResponse answer = client.createToken(ask -> ask.grantType("refresh_token")
                    .clientId(login.text("clientId"))
                    .clientSecret(login.text("clientSecret"))
                    .refreshToken(login.text("refreshToken")));
            SsoLogin next = login.with(
                    answer.accessToken(),
                    now.plusSeconds(answer.expiresIn()).truncatedTo(ChronoUnit.SECONDS),
                    Optional.ofNullable(answer.refreshToken()));
            renewed = Optional.of(next);
            write(next);
            return next;
        } catch (SsoOidcException | SdkClientException e) {
            if (now.isBefore(login.expires())) {
                LOG.warn("the SSO login in {} ends soon and could not be renewed, which is tried again", place.file);
                return login;
            }
            throw e instanceof SsoOidcException answer
                    ? ofAnswer(answer)
                    : failures().ofConnection((SdkClientException) e, "sso_region, AWS_ENDPOINT_URL_SSO_OIDC");
        }
    }

    private RuntimeException ofAnswer(SsoOidcException answer) {
        RuntimeException told = failures().ofAnswer(answer, "");
        return told instanceof KnownCredentials.Unanswered
                ? told
                : missing("the login in " + place.file + " is over and is not renewed " + RoleFailures.said(answer));
    }

    private static RoleFailures failures() {
        return new RoleFailures("the SSO service", "a new token");
    }

    private void write(SsoLogin next) {
        try {
            next.write(place.file);
        } catch (IOException e) {
            LOG.warn(
                    "a renewed SSO login cannot be written to {}; other programs may have to log in again: {}",
                    place.file,
                    e.getMessage());
        }
    }

    private KnownCredentials.Missing missing(String why) {
        return new KnownCredentials.Missing(why + ". Log in by: " + place.command);
    }

    /** For an answer that the token is no good, whatever its file says. */
    KnownCredentials.Missing refused(String said) {
        return missing("the login in " + place.file + " is not accepted " + said);
    }

    @Override
    public void close() {
        client.close();
    }

    @Override
    public String toString() {
        return "the SSO login in " + place.file;
    }
}
