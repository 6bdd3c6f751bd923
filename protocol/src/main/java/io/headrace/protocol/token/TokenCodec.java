package io.headrace.protocol.token;

import io.headrace.protocol.MountId;
import io.headrace.protocol.block.BlockProtocol;
import io.headrace.protocol.token.Grant.Scope;
import io.headrace.protocol.token.Grant.Validity;
import io.headrace.protocol.token.TokenException.Reason;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.lang.JoseException;

/** Tokens as JSON Web Tokens (RFC 7519) that are signed with Ed25519 (RFC 8037). */
public final class TokenCodec {
    private static final String ISSUER = "headrace";
    private static final String MOUNTS = "mounts";
    private static final String RIGHTS = "rights";
    private static final String ALL = "*";
    private static final AlgorithmConstraints ONLY_ED_DSA =
            new AlgorithmConstraints(ConstraintType.PERMIT, AlgorithmIdentifiers.EDDSA);

    private TokenCodec() {}

    /** @throws IllegalArgumentException when it would be too long for the block protocol */
    public static String sign(Grant grant, PrivateKey key) {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(ISSUER);
        claims.setJwtId(grant.id());
        claims.setSubject(grant.tenant());
        claims.setNotBefore(NumericDate.fromSeconds(grant.validity().notBefore().getEpochSecond()));
        claims.setExpirationTime(
                NumericDate.fromSeconds(grant.validity().expires().getEpochSecond()));
        claims.setStringListClaim(MOUNTS, mounts(grant.scope()));
        claims.setStringListClaim(
                RIGHTS, grant.rights().stream().map(Right::word).sorted().toList());
        JsonWebSignature signature = new JsonWebSignature();
        signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.EDDSA);
        signature.setHeader("typ", "JWT");
        signature.setPayload(claims.toJson());
        signature.setKey(key);
        try {
            String token = signature.getCompactSerialization();
            if (token.length() > BlockProtocol.MOST_TOKEN_BYTES) {
                throw new IllegalArgumentException("the token would have " + token.length() + " bytes, and at most "
                        + BlockProtocol.MOST_TOKEN_BYTES + " fit; name fewer data sets");
            }
            return token;
        } catch (JoseException e) {
            throw new IllegalStateException("an Ed25519 key does not sign", e);
        }
    }

    private static List<String> mounts(Scope scope) {
        return switch (scope) {
            case Scope.AllMounts _ -> List.of(ALL);
            case Scope.Mounts some ->
                some.ids().stream().map(MountId::value).sorted().toList();
        };
    }

    /**
     * What the token says, whether it is valid now or not.
     *
     * @param keys of which one signed it
     * @throws TokenException when none did, or it is no token
     */
    static Grant verify(String token, List<PublicKey> keys) throws TokenException {
        for (PublicKey key : keys) {
            JsonWebSignature signature = new JsonWebSignature();
            signature.setAlgorithmConstraints(ONLY_ED_DSA);
            try {
                signature.setCompactSerialization(token);
                signature.setKey(key);
                if (signature.verifySignature()) {
                    return grant(JwtClaims.parse(signature.getPayload()));
                }
            } catch (JoseException | InvalidJwtException | MalformedClaimException | IllegalArgumentException e) {
                // Nothing of the cause: its message may hold the token.
                throw new TokenException(
                        Reason.MALFORMED,
                        "what was shown as a token is none of Headrace; make one: headrace token create");
            }
        }
        throw new TokenException(
                Reason.WRONG_SIGNATURE,
                "the token is signed by none of the keys in token.keys-file, or was changed; make one with a key of"
                        + " this cluster: headrace token create");
    }

    private static Grant grant(JwtClaims claims) throws MalformedClaimException {
        if (!ISSUER.equals(claims.getIssuer()) || claims.getExpirationTime() == null || claims.getNotBefore() == null) {
            throw new IllegalArgumentException("a claim is missing");
        }
        List<String> mounts = claims.getStringListClaimValue(MOUNTS);
        Scope scope = mounts.contains(ALL)
                ? new Scope.AllMounts()
                : new Scope.Mounts(mounts.stream().map(MountId::new).collect(Collectors.toSet()));
        Set<Right> rights =
                claims.getStringListClaimValue(RIGHTS).stream().map(Right::of).collect(Collectors.toSet());
        Validity validity = new Validity(instant(claims.getNotBefore()), instant(claims.getExpirationTime()));
        return new Grant(
                String.valueOf(claims.getJwtId()), String.valueOf(claims.getSubject()), scope, rights, validity);
    }

    private static Instant instant(NumericDate date) {
        return Instant.ofEpochSecond(date.getValue());
    }
}
