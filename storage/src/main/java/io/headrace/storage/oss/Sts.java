package io.headrace.storage.oss;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Map;
import java.util.Optional;

/** Alibaba Cloud's Security Token Service. What it says of a refusal may hold what it was sent, so no failure repeats it. */
record Sts(URI address, CredentialsHttp http) {
    static final String VERSION = "2015-04-01";

    /** @param region before the one that the environment names; without either it is the central address */
    static URI address(Map<String, String> environment, Optional<String> region) {
        String given = environment.getOrDefault("ALIBABA_CLOUD_STS_ENDPOINT", "");
        if (!given.isEmpty()) {
            return URI.create(given.contains("://") ? given : "https://" + given);
        }
        String place = region.orElseGet(() -> environment.getOrDefault("ALIBABA_CLOUD_STS_REGION", ""));
        boolean internal = environment
                .getOrDefault("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED", "")
                .equalsIgnoreCase("true");
        return URI.create(
                place.isEmpty()
                        ? "https://sts.aliyuncs.com"
                        : "https://sts" + (internal ? "-vpc." : ".") + place + ".aliyuncs.com");
    }

    /**
     * The role's credentials.
     *
     * @param check what to look at when it is refused, for the message
     */
    TemporaryCredentials assume(HttpRequest request, String roleArn, String check) {
        CredentialsHttp.Answer answer = http.ask(request, this.toString());
        JsonNode fields = TemporaryCredentials.parse(answer.text());
        if (answer.isOk()) {
            return TemporaryCredentials.of(fields.path("Credentials"), this.toString());
        }
        String code = fields.path("Code").asText();
        String said = "(" + answer + (code.isEmpty() ? "" : " " + code) + ")";
        if (answer.isTrouble() || code.startsWith("Throttling")) {
            throw new OssCredentials.Unanswered(this + " hands out no credentials now " + said
                    + ". It is asked again; if this lasts, see its status page");
        }
        throw new OssCredentials.Missing(
                this + " does not hand out the role " + roleArn + " " + said + ". Check that " + check);
    }

    @Override
    public String toString() {
        return "STS at " + address.getAuthority();
    }
}
