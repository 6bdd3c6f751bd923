package io.headrace.storage.s3;

import static io.headrace.testing.web.ScriptedServer.reply;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpExchange;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.storage.ListingRequest;
import io.headrace.storage.Secrecy;
import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreOptions;
import io.headrace.testing.web.ScriptedServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A bucket that is read with what a profile of {@code ~/.aws/config} stands for: an SSO login, or a role. */
@Timeout(60)
class S3ProfilesTest {
    private static final String TOKEN = "aoaAAAAAsso/access+token=";
    private static final String OWNERS_KEY = "AKIAHEADRACEOWNER";
    private static final String OWNERS_SECRET = "owners-secret/0000000000000000";
    private static final String OTHER_ROLE_ARN = "arn:aws:iam::123456789012:role/other";
    private static final Instant LONG = Instant.parse("2999-01-01T00:00:00Z");
    private static final Pattern SIGNER = Pattern.compile("Credential=([A-Z0-9]+)/");

    private static final String OWNER = """
            [profile owner]
            aws_access_key_id = %s
            aws_secret_access_key = %s
            """.formatted(OWNERS_KEY, OWNERS_SECRET);
    private static final String SESSION = """
            [profile default]
            sso_session = company
            sso_account_id = 123456789012
            sso_role_name = reader

            [sso-session company]
            sso_region = eu-west-3
            sso_start_url = https://company.awsapps.com/start
            sso_registration_scopes = sso:account:access
            """;

    @TempDir
    Path home;

    private final FakeAwsSts sts = new FakeAwsSts("no pod's token");
    private final FakeSsoPortal portal = new FakeSsoPortal(TOKEN);
    private final List<String> signers = new CopyOnWriteArrayList<>();
    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, String> options = new HashMap<>();
    private ScriptedServer bucket;
    private ScriptedServer stsServer;
    private ScriptedServer portalServer;

    @BeforeEach
    void start() throws IOException {
        bucket = ScriptedServer.start(this::list);
        stsServer = ScriptedServer.start(sts);
        portalServer = ScriptedServer.start(portal);
        environment.put("HOME", home.toString());
        environment.put("AWS_ENDPOINT_URL_STS", stsServer.uri().toString());
        environment.put("AWS_ENDPOINT_URL_SSO", portalServer.uri().toString());
        environment.put("AWS_ENDPOINT_URL_SSO_OIDC", portalServer.uri().toString());
        sts.trustedKeys.put(OWNERS_KEY, FakeAwsSts.ROLE_ARN);
        Files.createDirectories(home.resolve(".aws/sso/cache"));
    }

    @AfterEach
    void stop() {
        bucket.close();
        stsServer.close();
        portalServer.close();
    }

    /** Serves who shows a role's session token. */
    private void list(HttpExchange exchange) throws IOException {
        Matcher signer = SIGNER.matcher(exchange.getRequestHeaders().getFirst("Authorization"));
        signers.add(signer.find() ? signer.group(1) : "nobody");
        boolean known =
                FakeAwsSts.SESSION_TOKEN.equals(exchange.getRequestHeaders().getFirst("X-Amz-Security-Token"));
        reply(known ? 200 : 403, "<ListBucketResult></ListBucketResult>").to(exchange);
    }

    private void configure(String config) throws IOException {
        Files.writeString(home.resolve(".aws/config"), config);
    }

    /** What {@code aws sso login} leaves. */
    private Path login(Instant end) throws IOException {
        return Files.writeString(SsoLogin.file(home, "company"), """
                {"startUrl": "https://company.awsapps.com/start", "region": "eu-west-3", "accessToken": "%s",
                 "expiresAt": "%s", "clientId": "client", "clientSecret": "client-secret",
                 "registrationExpiresAt": "2999-01-01T00:00:00Z", "refreshToken": "refresh-1"}""".formatted(TOKEN, end));
    }

    private static String role(String name, String more) {
        return "[profile " + name + "]\nrole_arn = " + FakeAwsSts.ROLE_ARN + "\n" + more + "\n";
    }

    @Test
    void a_login_is_read_with_once_for_many_requests() throws IOException {
        configure(SESSION);
        login(LONG);

        assertReads();

        assertThat(signers).containsExactly(FakeSsoPortal.ACCESS_KEY, FakeSsoPortal.ACCESS_KEY);
        assertThat(portalServer.requests())
                .extracting(ScriptedServer.Request::line)
                .containsExactly("GET /federation/credentials");
    }

    @Test
    void a_profile_without_a_session_has_its_login_by_the_start_url() throws IOException {
        configure("""
                [profile models]
                sso_start_url = https://company.awsapps.com/start
                sso_region = eu-west-3
                sso_account_id = 123456789012
                sso_role_name = reader
                """);
        options.put("profile", "models");
        assertRefused("aws sso login --profile models");

        // The start URL's SHA-1, as the AWS command names it.
        Files.writeString(
                home.resolve(".aws/sso/cache/b7037568a7e4f6fba9450af24427009b78703b33.json"),
                "{\"accessToken\": \"%s\", \"expiresAt\": \"2999-01-01T00:00:00UTC\"}".formatted(TOKEN));
        assertReads();
    }

    @Test
    void no_login_an_old_one_and_one_that_is_not_accepted_ask_for_a_login() throws IOException {
        configure(SESSION);
        assertRefused("there is no login in " + SsoLogin.file(home, "company") + ". Log in by: aws sso login");

        Path file = login(Instant.now().minusSeconds(1));
        Files.writeString(file, Files.readString(file).replace("refreshToken", "noToken"));
        assertRefused("ended at");

        Files.writeString(file, "{\"accessToken\": \"" + TOKEN);
        assertRefused("there is no login in");

        login(LONG);
        portal.token = "another";
        assertRefused("is not accepted (HTTP status 401 UnauthorizedException). Log in by: aws sso login --sso-session"
                + " company");
    }

    @Test
    void a_store_goes_on_by_itself_after_a_login() throws IOException {
        configure(SESSION);
        try (UnderStore store = open()) {
            assertThat(catchThrowable(() -> store.list(ListingRequest.all())))
                    .isInstanceOf(OriginException.Refused.class);
            login(LONG);

            assertThat(store.list(ListingRequest.all()).objects()).isEmpty();
        }
    }

    @Test
    void a_login_that_ends_soon_is_renewed_and_written_back_for_its_owner_alone() throws IOException {
        configure(SESSION);
        Path file = login(Instant.now().plusSeconds(60));

        assertReads();

        SsoLogin renewed = SsoLogin.read(file).orElseThrow();
        assertThat(renewed.text("accessToken")).isEqualTo("renewed-" + TOKEN);
        assertThat(renewed.text("refreshToken")).isEqualTo("next-refresh-1");
        assertThat(renewed.text("startUrl")).isEqualTo("https://company.awsapps.com/start");
        assertThat(renewed.expires()).isAfter(Instant.now().plusSeconds(3000));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (var files = Files.list(file.getParent())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void a_login_that_cannot_be_renewed_is_used_to_its_end() throws IOException {
        configure(SESSION);
        login(Instant.now().plusSeconds(60));
        portal.refreshToken = "used up";
        assertReads();

        login(Instant.now().minusSeconds(60));
        assertRefused("is over and is not renewed (HTTP status 400 InvalidGrantException). Log in by: aws sso login");
    }

    @Test
    void a_role_that_is_not_the_logins_is_told() throws IOException {
        configure(SESSION.replace("reader", "writer"));
        login(LONG);

        assertRefused("the SSO portal does not hand out the role \"writer\" of account 123456789012 (HTTP status 403"
                + " ForbiddenException). Check that sso_account_id");
    }

    @ParameterizedTest
    @CsvSource({"503, ServiceException", "429, TooManyRequestsException"})
    void trouble_at_the_portal_is_unavailable(int status, String code) throws IOException {
        configure(SESSION);
        login(LONG);
        portal.trouble = Optional.of(FakeSsoPortal.refusal(status, code, "no"));

        assertThat(failure()).isInstanceOf(OriginException.Unavailable.class).hasMessageContaining("the SSO portal");
    }

    @Test
    void a_portal_that_is_not_there_is_unavailable() throws IOException {
        configure(SESSION);
        login(LONG);
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            environment.put("AWS_ENDPOINT_URL_SSO", "http://127.0.0.1:" + socket.getLocalPort());
        }

        assertThat(failure())
                .isInstanceOf(OriginException.Unavailable.class)
                .hasMessageContaining("AWS_ENDPOINT_URL_SSO");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sso_account_id", "sso_role_name", "sso_region"})
    void what_a_profile_lacks_is_told_by_name(String property) throws IOException {
        configure(SESSION.replaceAll("(?m)^" + property + ".*$", ""));
        login(LONG);

        assertRefused("has no " + property);
    }

    @Test
    void a_session_that_is_not_there_is_told() throws IOException {
        configure(SESSION.replace("sso_session = company", "sso_session = other"));

        assertRefused("there is no [sso-session other]");
    }

    @Test
    void a_role_is_assumed_with_the_keys_of_the_source_profile() throws IOException {
        configure(OWNER + role("models", "source_profile = owner\nrole_session_name = me\nexternal_id = x"));
        environment.put("AWS_PROFILE", "models");

        assertReads();

        assertThat(signers).containsExactly(FakeAwsSts.accessKey(1), FakeAwsSts.accessKey(1));
        assertThat(sts.assumed)
                .singleElement()
                .satisfies(form ->
                        assertThat(form).containsEntry("RoleSessionName", "me").containsEntry("ExternalId", "x"));
    }

    @Test
    void a_role_is_assumed_with_keys_beside_it_or_with_the_credentials_of_another_role_or_login() throws IOException {
        options.put("profile", "models");
        configure(OWNER.replace("owner", "models")
                + role("", "source_profile = models").split("\n", 2)[1]);
        assertReads();

        sts.trustedKeys.put(FakeAwsSts.accessKey(2), OTHER_ROLE_ARN);
        configure(OWNER
                + role("first", "source_profile = owner")
                + role("models", "source_profile = first").replace(FakeAwsSts.ROLE_ARN, OTHER_ROLE_ARN));
        assertReads();

        sts.trustedKeys.put(FakeSsoPortal.ACCESS_KEY, FakeAwsSts.ROLE_ARN);
        configure(SESSION + role("models", "source_profile = default"));
        assertRefused("aws sso login");
        login(LONG);
        assertReads();
        assertThat(signers.getLast()).isEqualTo(FakeAwsSts.accessKey(4));
    }

    @Test
    void a_credentials_file_may_have_either_form_and_name_roles() throws IOException {
        Path file = Files.writeString(
                home.resolve("mine"),
                (OWNER + role("models", "source_profile = owner")).replace("profile owner", "owner"));
        options.put("credentials-file", file.toString());
        options.put("profile", "models");

        assertReads();
    }

    @Test
    void a_role_is_not_passed_over_for_another_place() throws IOException {
        configure(OWNER + role("default", "source_profile = owner"));
        sts.trustedKeys.clear();

        assertRefused("STS does not hand out the role " + FakeAwsSts.ROLE_ARN
                + " (HTTP status 403 AccessDenied). Check that the role is there and trusts the source_profile"
                + " \"owner\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "source_profile = gone|names the source_profile \"gone\", which is not there. There are",
                "source_profile = back|leads back to itself by source_profile: models, back, models",
                "source_profile = models|has no aws_access_key_id",
                "credential_source = Somewhere|has the credential_source Somewhere",
                "source_profile = owner;mfa_serial = arn:aws:iam::1:mfa/me|second factor (mfa_serial)"
            })
    void what_is_wrong_with_a_roles_profile_is_told(String lines, String hint) throws IOException {
        configure(OWNER + role("back", "source_profile = models") + role("models", lines.replace(';', '\n')));
        options.put("profile", "models");

        assertRefused(hint);
    }

    @Test
    void an_unknown_profile_is_told_with_those_that_there_are() throws IOException {
        configure(OWNER);
        options.put("profile", "ownr");

        assertRefused("there is no profile \"ownr\" in ");
        assertRefused("(which have owner)");
    }

    private void assertReads() throws IOException {
        try (UnderStore store = open()) {
            assertThat(store.list(ListingRequest.all()).objects()).isEmpty();
            assertThat(store.list(ListingRequest.all()).objects()).isEmpty();
        }
    }

    private void assertRefused(String hint) {
        assertThat(failure())
                .isInstanceOfSatisfying(
                        OriginException.Refused.class,
                        refused -> assertThat(refused.refusal()).isEqualTo(Refusal.BAD_CREDENTIALS))
                .hasMessageContaining(hint);
    }

    private Throwable failure() {
        return Secrecy.assertTellsNone(
                catchThrowable(this::assertReads),
                TOKEN,
                OWNERS_SECRET,
                FakeAwsSts.SECRET,
                FakeAwsSts.SESSION_TOKEN,
                "client-secret",
                "refresh-1");
    }

    private UnderStore open() {
        Map<String, String> all = new HashMap<>(options);
        all.put("endpoint", bucket.uri().toString());
        all.put("region", "eu-west-3");
        S3Location location = new S3Location("bucket", "");
        return new S3Store(location, S3Session.start(location, UnderStoreOptions.parse(all), environment));
    }
}
