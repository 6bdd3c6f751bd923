package io.headrace.storage;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is said about one origin beside its URI. Values were checked when they were given. Holds no secret.
 *
 * @param values as they were written, by option; an option that is not here has its default
 */
public record UnderStoreOptions(Map<UnderStoreOption, String> values) {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m)");

    /** @throws IllegalArgumentException when a value is not of its option's form; the message names the option */
    public UnderStoreOptions {
        values.forEach(UnderStoreOption::validate);
        values = Map.copyOf(values);
    }

    public static UnderStoreOptions defaults() {
        return new UnderStoreOptions(Map.of());
    }

    /** @throws IllegalArgumentException when a key is unknown (the message lists the known ones) or a value is wrong */
    public static UnderStoreOptions parse(Map<String, String> texts) {
        Map<UnderStoreOption, String> values = new EnumMap<>(UnderStoreOption.class);
        texts.forEach((key, value) -> values.put(
                UnderStoreOption.of(key)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "no origin option is called \"" + key + "\"; there are " + UnderStoreOption.keys())),
                value));
        return new UnderStoreOptions(values);
    }

    public UnderStoreOptions with(UnderStoreOption option, String value) {
        Map<UnderStoreOption, String> changed = new EnumMap<>(UnderStoreOption.class);
        changed.putAll(values);
        changed.put(option, value);
        return new UnderStoreOptions(changed);
    }

    public Optional<URI> endpoint() {
        return value(UnderStoreOption.ENDPOINT, UnderStoreOptions::parseEndpoint);
    }

    public Optional<String> region() {
        return value(UnderStoreOption.REGION, text -> text);
    }

    public Optional<Boolean> pathStyle() {
        return value(UnderStoreOption.PATH_STYLE, UnderStoreOptions::parseFlag);
    }

    public boolean cname() {
        return value(UnderStoreOption.CNAME, UnderStoreOptions::parseFlag).orElse(false);
    }

    public boolean anonymous() {
        return value(UnderStoreOption.ANONYMOUS, UnderStoreOptions::parseFlag).orElse(false);
    }

    public Optional<String> profile() {
        return value(UnderStoreOption.PROFILE, text -> text);
    }

    public Optional<Path> credentialsFile() {
        return value(UnderStoreOption.CREDENTIALS_FILE, Path::of);
    }

    public Optional<Path> caFile() {
        return value(UnderStoreOption.CA_FILE, Path::of);
    }

    public Duration connectTimeout() {
        return value(UnderStoreOption.CONNECT_TIMEOUT, UnderStoreOptions::parseDuration)
                .orElse(Duration.ofSeconds(5));
    }

    public Duration stallTimeout() {
        return value(UnderStoreOption.STALL_TIMEOUT, UnderStoreOptions::parseDuration)
                .orElse(Duration.ofSeconds(10));
    }

    public Duration answerTimeout() {
        return value(UnderStoreOption.ANSWER_TIMEOUT, UnderStoreOptions::parseDuration)
                .orElse(Duration.ofSeconds(60));
    }

    public int maxConnections() {
        return value(UnderStoreOption.MAX_CONNECTIONS, UnderStoreOptions::parseCount)
                .orElse(64);
    }

    public Optional<Path> hadoopConf() {
        return value(UnderStoreOption.HADOOP_CONF, Path::of);
    }

    public Optional<String> kerberosPrincipal() {
        return value(UnderStoreOption.KERBEROS_PRINCIPAL, text -> text);
    }

    public Optional<Path> kerberosKeytab() {
        return value(UnderStoreOption.KERBEROS_KEYTAB, Path::of);
    }

    private <T> Optional<T> value(UnderStoreOption option, Function<String, T> parse) {
        return Optional.ofNullable(values.get(option)).map(parse);
    }

    static URI parseEndpoint(String text) {
        URI endpoint = URI.create(text.contains("://") ? text : "https://" + text);
        String scheme = endpoint.getScheme();
        if (endpoint.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no endpoint; write https://HOST or http://HOST:PORT");
        }
        if (endpoint.getRawUserInfo() != null || endpoint.getRawQuery() != null) {
            throw new IllegalArgumentException("an endpoint holds no credentials and no query; write https://HOST");
        }
        return endpoint;
    }

    static boolean parseFlag(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("\"" + text + "\" is neither true nor false");
        };
    }

    static Duration parseDuration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
            throw new IllegalArgumentException("\"" + text + "\" is no duration; write 500ms, 10s or 2m");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (Objects.requireNonNull(matcher.group(2))) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            default -> Duration.ofMinutes(amount);
        };
    }

    static int parseCount(String text) {
        if (!text.matches("[1-9]\\d{0,5}")) {
            throw new IllegalArgumentException("\"" + text + "\" is no count; write a whole number from 1");
        }
        return Integer.parseInt(text);
    }
}
