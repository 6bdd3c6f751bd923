package io.headrace.storage.oss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.storage.ListingRequest;
import io.headrace.storage.Secrecy;
import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreOptions;
import io.headrace.testing.oss.OssIdentity;
import io.headrace.testing.oss.OssServer;
import io.headrace.testing.oss.OssServerOptions;
import io.headrace.testing.web.ScriptedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A bucket that is read with what a profile of the Aliyun CLI, or a section of a credentials file, stands for. */
@Timeout(60)
class OssProfilesTest {
    private static final Instant LONG = Instant.parse("2999-01-01T00:00:00Z");
    private static final String POD_TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJoZWFkcmFjZSJ9.c2lnbmF0dXJl+/=";
    private static final String OTHER_ROLE_ARN = "acs:ram::1234567890123456:role/other";
    private static final OssIdentity OWNER =
            OssIdentity.permanent("LTAIHEADRACEOWNER001", "headrace-owner-secret-00000001", OssIdentity.Access.NONE);
    private static final OssIdentity ROLE = OssIdentity.temporary(
            "STS.HEADRACEROLE0001", "headrace-role-secret-000000001", "CAIS+token/of=the role", LONG);
    private static final OssIdentity OTHER_ROLE = OssIdentity.temporary(
            "STS.HEADRACEROLE0002", "headrace-role-secret-000000002", "CAIS+token/of=the other", LONG);

    @TempDir
    Path home;

    private final FakeMetadataService metadata = new FakeMetadataService(ROLE);
    private final FakeSts sts = new FakeSts(ROLE, POD_TOKEN);
    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, String> options = new HashMap<>();
    private OssServer server;
    private ScriptedServer metadataServer;
    private ScriptedServer stsServer;

    @BeforeEach
    void start() throws IOException {
        Path served = Files.createDirectory(home.resolve("served"));
        server = OssServer.start(OssServerOptions.of(served).with(List.of(ROLE, OTHER_ROLE)));
        server.createBucket("models");
        metadataServer = ScriptedServer.start(metadata);
        stsServer = ScriptedServer.start(sts);
        sts.grants.put(FakeSts.ROLE_ARN, new FakeSts.Grant(OWNER, ROLE));
        sts.grants.put(OTHER_ROLE_ARN, new FakeSts.Grant(ROLE, OTHER_ROLE));
        environment.put("HOME", home.toString());
        environment.put("ALIBABA_CLOUD_STS_ENDPOINT", stsServer.uri().toString());
    }

    @AfterEach
    void stop() {
        server.close();
        metadataServer.close();
        stsServer.close();
    }

    /** Writes {@code ~/.aliyun/config.json} as the CLI does; a profile's fields are "name=value". */
    private Path configure(String current, String... profiles) throws IOException {
        StringBuilder json = new StringBuilder("{\"current\": \"" + current + "\", \"profiles\": [");
        for (int i = 0; i < profiles.length; i++) {
            json.append(i == 0 ? "" : ", ").append("{\"region_id\": \"cn-hangzhou\", \"retry_timeout\": 0");
            for (String field : profiles[i].split(", ", -1)) {
                String[] nameAndValue = field.split("=", 2);
                json.append(", \"%s\": \"%s\"".formatted(nameAndValue[0], nameAndValue[1]));
            }
            json.append("}");
        }
        Path file = home.resolve(".aliyun/config.json");
        Files.createDirectories(file.getParent());
        return Files.writeString(file, json.append("], \"meta_path\": \"\"}"));
    }

    private static String key(OssIdentity of) {
        return "access_key_id=" + of.accessKeyId() + ", access_key_secret=" + of.accessKeySecret();
    }

    private static String owning(String name, String more) {
        return "name=" + name + ", mode=RamRoleArn, " + key(OWNER) + ", ram_role_arn=" + FakeSts.ROLE_ARN
                + ", ram_session_name=reader" + more;
    }

    @Test
    void a_role_is_assumed_with_the_profiles_key_once_for_many_requests() throws IOException {
        configure("models", owning("models", ", expired_seconds=1800, external_id=a/b c"));

        assertReads();

        assertThat(sts.assumed)
                .containsExactly(Map.of(
                        "RoleArn", FakeSts.ROLE_ARN,
                        "RoleSessionName", "reader",
                        "DurationSeconds", "1800",
                        "ExternalId", "a/b c"));
        assertThat(metadataServer.requests()).isEmpty();
    }

    @Test
    void a_role_is_assumed_anew_when_its_profile_was_changed() throws IOException {
        configure("models", owning("models", ""));
        try (UnderStore store = open()) {
            store.list(ListingRequest.all());
            configure("models", owning("models", ", external_id=another"));
            store.list(ListingRequest.all());
        }

        assertThat(sts.assumed).hasSize(2);
    }

    @Test
    void a_role_is_assumed_by_the_role_of_the_source_profile() throws IOException {
        configure(
                "chained",
                owning("first", ""),
                "name=chained, mode=ChainableRamRoleArn, source_profile=first, ram_role_arn=" + OTHER_ROLE_ARN);

        assertReads();

        assertThat(sts.assumed)
                .extracting(parameters -> parameters.get("RoleArn"))
                .containsExactly(FakeSts.ROLE_ARN, OTHER_ROLE_ARN);
    }

    @Test
    void profiles_that_lead_back_to_themselves_are_told() throws IOException {
        configure(
                "a",
                "name=a, mode=ChainableRamRoleArn, source_profile=b, ram_role_arn=" + FakeSts.ROLE_ARN,
                "name=b, mode=ChainableRamRoleArn, source_profile=a, ram_role_arn=" + FakeSts.ROLE_ARN);

        assertRefused("a, b, a");
    }

    @Test
    void a_source_profile_that_is_not_there_is_told() throws IOException {
        configure("a", "name=a, mode=ChainableRamRoleArn, source_profile=gone, ram_role_arn=" + FakeSts.ROLE_ARN);

        assertRefused("source_profile \"gone\"");
    }

    @Test
    void the_instances_role_is_read_with_or_without_its_name() throws IOException {
        configure("ecs", "name=ecs, mode=EcsRamRole, ram_role_name=" + FakeMetadataService.ROLE);
        assertReads();
        assertThat(metadataServer.requests())
                .extracting(ScriptedServer.Request::line)
                .containsExactly(
                        "PUT /latest/api/token",
                        "GET /latest/meta-data/ram/security-credentials/" + FakeMetadataService.ROLE);

        configure("ecs", "name=ecs, mode=EcsRamRole, ram_role_name=");
        assertReads();

        environment.put("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true");
        assertRefused("ALIBABA_CLOUD_ECS_METADATA_DISABLED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RamRoleArnWithRoleName", "RamRoleArnWithEcs"})
    void a_role_is_assumed_by_the_instances_role(String mode) throws IOException {
        configure("both", "name=both, mode=" + mode + ", ram_role_name=, ram_role_arn=" + OTHER_ROLE_ARN);

        assertReads();

        assertThat(sts.assumed).hasSize(1);
    }

    @Test
    void a_role_is_handed_out_for_an_identity_providers_token() throws IOException {
        Path token = Files.writeString(home.resolve("token"), POD_TOKEN);
        String oidc = "name=pod, mode=OIDC, ram_role_arn=" + FakeSts.ROLE_ARN + ", oidc_provider_arn="
                + FakeSts.PROVIDER_ARN + ", oidc_token_file=";
        configure("pod", oidc + token);
        assertReads();

        configure("pod", oidc + "/nowhere/token");
        assertRefused("the token file /nowhere/token, which the profile \"pod\"");
    }

    @Test
    void keys_of_a_profile_are_used_as_they_are() throws IOException {
        String temporary = ", sts_token=" + ROLE.token().orElseThrow();
        configure("mine", "name=mine, mode=StsToken, " + key(ROLE) + temporary);
        assertReads();

        configure("mine", "name=mine, mode=AK, " + key(OWNER));
        assertThat(failure())
                .isInstanceOfSatisfying(
                        OriginException.Refused.class,
                        refused -> assertThat(refused.refusal()).isEqualTo(Refusal.BAD_CREDENTIALS))
                .hasMessageContaining("does not know this access key");
        assertThat(stsServer.requests()).isEmpty();
    }

    @Test
    void a_profile_is_chosen_by_option_by_variable_or_as_the_current_one() throws IOException {
        configure("current", "name=current, mode=CloudSSO", owning("models", ""), "name=odd, mode=External");

        assertRefused("mode CloudSSO");
        environment.put("ALIBABA_CLOUD_PROFILE", "models");
        assertReads();
        options.put("profile", "odd");
        assertRefused("mode External");
        options.put("profile", "models");
        assertReads();
    }

    @Test
    void an_unknown_profile_is_told_with_those_that_there_are() throws IOException {
        Path file = configure("models", owning("models", ""), "name=odd, mode=External");
        options.put("profile", "modles");

        assertRefused("there is no profile [modles] in " + file + " (which has models, odd)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"CloudSSO", "RsaKeyPair", "CredentialsURI", "External", "OAuth", "Surprise"})
    void a_mode_that_is_not_supported_is_told_with_those_that_are(String mode) throws IOException {
        configure("p", "name=p, mode=" + mode + ", " + key(OWNER));

        assertRefused("has the mode " + mode + ", which is not supported. Supported are AK, StsToken, RamRoleArn, ");
    }

    @ParameterizedTest
    @CsvSource({
        "RamRoleArn, ram_role_arn=x, access_key_id",
        "RamRoleArn, access_key_id=x, ram_role_arn",
        "StsToken, access_key_id=x, access_key_secret",
        "OIDC, ram_role_arn=x, oidc_provider_arn",
        "ChainableRamRoleArn, ram_role_arn=x, source_profile"
    })
    void what_a_profile_lacks_is_told_by_name(String mode, String has, String lacks) throws IOException {
        configure("p", "name=p, mode=" + mode + ", " + has);

        assertRefused("the profile \"p\" in " + home.resolve(".aliyun/config.json") + ", of mode " + mode + ", has no "
                + lacks);
    }

    @Test
    void what_sts_refuses_is_told_with_what_to_check_and_without_what_it_said() throws IOException {
        configure("p", owning("p", "").replace(OWNER.accessKeySecret(), "a-wrong-secret"));
        assertRefused("SignatureDoesNotMatch). Check that the access key of the profile \"p\"");

        configure("p", owning("p", "").replace(OWNER.accessKeyId(), "LTAINOBODY"));
        assertRefused("InvalidAccessKeyId.NotFound");

        configure("p", owning("p", "").replace("headrace-reader", "nowhere"));
        assertRefused("does not hand out the role acs:ram::1234567890123456:role/nowhere");

        configure("p", owning("p", ""));
        sts.skew = Duration.ofHours(1);
        assertRefused("this machine's clock");
    }

    @Test
    void trouble_at_sts_is_unavailable() throws IOException {
        configure("p", owning("p", ""));
        sts.trouble = Optional.of(ScriptedServer.reply(503, "{\"Code\": \"ServiceUnavailable\"}"));

        assertThat(failure()).isInstanceOf(OriginException.Unavailable.class).hasMessageContaining("STS at 127.0.0.1");
    }

    @Test
    void sections_of_a_credentials_file_name_roles_too() throws IOException {
        Path file = Files.writeString(home.resolve("credentials"), """
                [default]
                type = ram_role_arn
                access_key_id = %s
                access_key_secret = %s
                role_arn = %s
                role_session_name = reader

                [ecs]
                type = ecs_ram_role
                role_name = %s

                [odd]
                type = rsa_key_pair
                """.formatted(
                        OWNER.accessKeyId(), OWNER.accessKeySecret(), FakeSts.ROLE_ARN, FakeMetadataService.ROLE));
        options.put("credentials-file", file.toString());

        assertReads();
        assertThat(sts.assumed).hasSize(1);
        options.put("profile", "ecs");
        assertReads();
        options.put("profile", "odd");
        assertRefused("rsa_key_pair");
    }

    @Test
    void the_clis_profile_comes_behind_the_credentials_file_and_may_be_left_alone() throws IOException {
        configure("models", owning("models", ""));
        Path sections = home.resolve(".alibabacloud/credentials");
        Files.createDirectories(sections.getParent());
        Files.writeString(sections, "[default]\n" + key(OWNER).replace(", ", "\n"));
        assertRefused("does not know this access key");
        options.put("profile", "models");
        assertReads();

        options.clear();
        Files.delete(sections);
        environment.put("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "true");
        environment.put("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true");
        assertRefused("no credentials were found");
    }

    @Test
    void a_cli_that_was_never_configured_leaves_the_instances_role() throws IOException {
        configure("default", "name=default, mode=, access_key_id=");

        assertReads();

        assertThat(metadataServer.requests()).isNotEmpty();
    }

    @Test
    void a_config_that_is_none_is_told() throws IOException {
        Path file = configure("p", owning("p", ""));
        Files.writeString(file, "{\"access_key_secret\": \"" + OWNER.accessKeySecret());

        assertRefused(file + " is not in the form of the Aliyun CLI's config.json");
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
                OWNER.accessKeySecret(),
                ROLE.accessKeySecret(),
                ROLE.token().orElseThrow(),
                POD_TOKEN);
    }

    private UnderStore open() throws OriginException {
        Map<String, String> texts = new HashMap<>(options);
        texts.putAll(Map.of("stall-timeout", "2s", "connect-timeout", "2s"));
        texts.put("endpoint", server.endpoint().toString());
        texts.put("region", server.region());
        UnderStoreOptions all = UnderStoreOptions.parse(texts);
        OssCredentials credentials = new OssCredentials(
                all.credentialsFile(),
                all.profile(),
                environment,
                OssCredentials.Roles.of(all, environment, metadataServer.uri()));
        assertThat(credentials.toString()).doesNotContain(OWNER.accessKeySecret(), POD_TOKEN);
        return new OssStore(
                OssLocation.of("models", ""), OssSession.start(OssEndpoint.of(all, environment), all, credentials));
    }
}
