package io.headrace.protocol.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.protocol.MountId;
import io.headrace.protocol.token.Grant.Scope;
import io.headrace.protocol.token.Grant.Validity;
import io.headrace.protocol.token.TokenException.Reason;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class TokenJudgeTest {
    private static final KeyPair KEYS = TokenKeys.generate();
    private static final Instant START = Instant.parse("2026-11-25T08:00:00Z");
    private static final MountId LLAMA = new MountId("0123456789abcdef");
    private static final MountId OTHER = new MountId("fedcba9876543210");
    private static final Duration LEEWAY = Duration.ofSeconds(60);

    private static Grant grant(Right... rights) {
        return new Grant(
                "id-1",
                "team-a",
                new Scope.Mounts(Set.of(LLAMA)),
                Set.of(rights),
                new Validity(START, START.plusSeconds(3600)));
    }

    private static TokenJudge judgeAt(Instant now, PublicKey... keys) {
        return new TokenJudge(() -> List.of(keys), Set::of, LEEWAY, Clock.fixed(now, ZoneOffset.UTC));
    }

    private static void assertRefused(Reason reason, TokenJudge judge, String token) {
        assertThatThrownBy(() -> judge.judge(token))
                .isInstanceOfSatisfying(
                        TokenException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasNoCause()
                .satisfies(e -> {
                    if (!token.isEmpty()) {
                        assertThat(e.toString()).doesNotContain(token);
                    }
                });
    }

    @Test
    void a_token_says_what_was_signed() throws TokenException {
        Grant grant = grant(Right.READ, Right.MOUNT);
        String token = TokenCodec.sign(grant, KEYS.getPrivate());
        assertThat(judgeAt(START.plusSeconds(10), KEYS.getPublic()).judge(token))
                .isEqualTo(grant);
        Grant all = new Grant("id-2", "ops", new Scope.AllMounts(), Set.of(Right.ADMINISTER), grant.validity());
        assertThat(judgeAt(START, KEYS.getPublic()).judge(TokenCodec.sign(all, KEYS.getPrivate())))
                .isEqualTo(all);
    }

    @Test
    void covers_its_mounts_and_no_others() {
        assertThat(grant(Right.READ).covers(LLAMA)).isTrue();
        assertThat(grant(Right.READ).covers(OTHER)).isFalse();
    }

    @Test
    void rights_include_lesser_ones_alone() {
        assertThat(grant(Right.READ).permits(Right.MOUNT)).isFalse();
        assertThat(grant(Right.READ).permits(Right.WORKER)).isFalse();
        assertThat(grant(Right.MOUNT).permits(Right.READ)).isTrue();
        assertThat(grant(Right.WORKER).permits(Right.READ)).isTrue();
        assertThat(grant(Right.WORKER).permits(Right.MOUNT)).isFalse();
        assertThat(grant(Right.ADMINISTER).permits(Right.MOUNT)).isTrue();
        assertThat(grant(Right.ADMINISTER).permits(Right.WORKER)).isFalse();
    }

    @Test
    void is_good_within_the_leeway_and_not_beyond() throws TokenException {
        String token = TokenCodec.sign(grant(Right.READ), KEYS.getPrivate());
        Instant end = START.plusSeconds(3600);
        assertThat(judgeAt(end.plus(LEEWAY), KEYS.getPublic()).judge(token).id())
                .isEqualTo("id-1");
        assertThat(judgeAt(START.minus(LEEWAY), KEYS.getPublic()).judge(token).id())
                .isEqualTo("id-1");
        assertRefused(Reason.EXPIRED, judgeAt(end.plus(LEEWAY).plusSeconds(1), KEYS.getPublic()), token);
        assertRefused(Reason.NOT_YET_VALID, judgeAt(START.minus(LEEWAY).minusSeconds(1), KEYS.getPublic()), token);
    }

    @Test
    void an_expired_token_is_named_with_its_end_and_not_told() {
        String token = TokenCodec.sign(grant(Right.READ), KEYS.getPrivate());
        assertThatThrownBy(
                        () -> judgeAt(START.plusSeconds(9999), KEYS.getPublic()).judge(token))
                .hasMessageContaining("token id-1 of tenant team-a expired at 2026-11-25T09:00:00Z");
    }

    @Test
    void one_that_was_called_back_is_refused_from_then_on() throws TokenException {
        Set<String> calledBack = new HashSet<>();
        TokenJudge judge = new TokenJudge(
                () -> List.of(KEYS.getPublic()), () -> calledBack, LEEWAY, Clock.fixed(START, ZoneOffset.UTC));
        String token = TokenCodec.sign(grant(Right.READ), KEYS.getPrivate());
        Grant before = judge.judge(token);

        calledBack.add("id-1");

        assertRefused(Reason.CALLED_BACK, judge, token);
        assertThatThrownBy(() -> judge.requireCurrent(before))
                .hasMessageContaining("token id-1 of tenant team-a was called back");
    }

    @Test
    void the_key_may_be_any_of_several() throws TokenException {
        PublicKey old = TokenKeys.generate().getPublic();
        String token = TokenCodec.sign(grant(Right.READ), KEYS.getPrivate());
        assertThat(judgeAt(START, old, KEYS.getPublic()).judge(token).tenant()).isEqualTo("team-a");
        assertRefused(Reason.WRONG_SIGNATURE, judgeAt(START, old), token);
    }

    @Test
    void no_token_and_no_tokens_are_told_apart() {
        TokenJudge judge = judgeAt(START, KEYS.getPublic());
        assertRefused(Reason.MISSING, judge, "");
        assertRefused(Reason.MALFORMED, judge, "hunter2");
        assertRefused(Reason.MALFORMED, judge, "a.b.c");
    }

    @Test
    void claims_that_were_changed_are_not_believed() {
        String[] parts = TokenCodec.sign(grant(Right.READ), KEYS.getPrivate()).split("\\.", -1);
        String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
        String more = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(claims.replace("read", "administer").getBytes(StandardCharsets.UTF_8));
        assertRefused(Reason.WRONG_SIGNATURE, judgeAt(START, KEYS.getPublic()), parts[0] + "." + more + "." + parts[2]);
    }

    @Test
    void a_token_without_a_signature_is_none() {
        String[] parts = TokenCodec.sign(grant(Right.READ), KEYS.getPrivate()).split("\\.", -1);
        String header = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8));
        assertRefused(Reason.MALFORMED, judgeAt(START, KEYS.getPublic()), header + "." + parts[1] + ".");
    }

    @Property(tries = 500)
    void whatever_is_shown_is_a_refusal_and_no_crash(@ForAll String text) {
        assertThatThrownBy(() -> judgeAt(START, KEYS.getPublic()).judge(text)).isInstanceOf(TokenException.class);
    }

    @Test
    void a_token_that_does_not_fit_into_a_hello_is_not_made() {
        Set<MountId> many = new HashSet<>();
        for (int i = 0; i < 400; i++) {
            many.add(new MountId(String.format("%016x", i)));
        }
        Grant grant = new Grant(
                "id",
                "t",
                new Scope.Mounts(many),
                Set.of(Right.READ),
                grant(Right.READ).validity());
        assertThatThrownBy(() -> TokenCodec.sign(grant, KEYS.getPrivate()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("name fewer data sets");
    }
}
