package io.headrace.storage.oss;

import com.aliyun.sdk.service.oss2.credentials.Credentials;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * A RAM role that STS hands out to who has other credentials:
 * https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole
 *
 * @param signer whose role it is; asked anew for each fetch
 */
record AssumedRole(Sts sts, Claim claim, Supplier<Credentials> signer, InstantSource clock) implements RoleSource {
    private static final AcsSignature.Action ACTION = new AcsSignature.Action("AssumeRole", Sts.VERSION);

    /**
     * What is asked for.
     *
     * @param more parameters of the action, such as {@code Policy}
     * @param signedBy in words: {@code the access key of the profile "a" in …}
     */
    record Claim(String roleArn, Map<String, String> more, String signedBy) {}

    @Override
    public TemporaryCredentials fetch() {
        Map<String, String> parameters = new HashMap<>(claim.more);
        parameters.put("RoleArn", claim.roleArn);
        AcsSignature signature =
                new AcsSignature(clock.instant(), UUID.randomUUID().toString());
        return sts.assume(
                signature.sign(sts.address(), ACTION, parameters, signer.get()),
                claim.roleArn,
                claim.signedBy + " is good and may assume the role (sts:AssumeRole), that the role is there and trusts"
                        + " it, and that this machine's clock is right");
    }

    @Override
    public String toString() {
        return "the role " + claim.roleArn;
    }
}
