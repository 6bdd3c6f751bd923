package io.headrace.storage;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** What can be said about an origin beside its URI. No option is a secret; some name a file that holds one. */
public enum UnderStoreOption {
    ENDPOINT(
            "endpoint",
            "Where the service is, as http(s)://HOST[:PORT]; for S3 and OSS services other than the public one.",
            Form.ENDPOINT),
    REGION("region", "The bucket's region. Default: from the environment or the profile, else us-east-1.", Form.TEXT),
    PATH_STYLE(
            "path-style",
            "true: the bucket is in the path (http://HOST/BUCKET/KEY) and not in the host name. Default: true where an"
                    + " endpoint is given for S3.",
            Form.FLAG),
    CNAME(
            "cname",
            "true: the endpoint is a domain of the bucket's own (CNAME), and the bucket is neither in the host name nor in"
                    + " the path. For OSS.",
            Form.FLAG),
    ANONYMOUS("anonymous", "true: requests are not signed, for public buckets.", Form.FLAG),
    PROFILE("profile", "The profile in the credentials file.", Form.TEXT),
    CREDENTIALS_FILE(
            "credentials-file", "A file with credentials, in the form that the origin's own tools use.", Form.PATH),
    CA_FILE("ca-file", "Certificates (PEM) to trust instead of the platform's, for a private authority.", Form.PATH),
    CONNECT_TIMEOUT("connect-timeout", "How long a connection may take to be made. Default: 5s.", Form.DURATION),
    STALL_TIMEOUT(
            "stall-timeout", "How long a request may go without a byte before it fails. Default: 10s.", Form.DURATION),
    ANSWER_TIMEOUT(
            "answer-timeout",
            "How long an answer that holds no object's bytes, such as a page of a listing, may take in all. Default: 60s.",
            Form.DURATION),
    MAX_CONNECTIONS("max-connections", "Most connections to the origin at a time. Default: 64.", Form.COUNT),
    HADOOP_CONF(
            "hadoop-conf",
            "The folder of core-site.xml and hdfs-site.xml. Default: the environment variable HADOOP_CONF_DIR.",
            Form.PATH),
    KERBEROS_PRINCIPAL("kerberos-principal", "Who to log in as, such as headrace/host@REALM.", Form.TEXT),
    KERBEROS_KEYTAB("kerberos-keytab", "The keytab file of the principal.", Form.PATH);

    private final String key;
    private final String documentation;
    private final Form form;

    UnderStoreOption(String key, String documentation, Form form) {
        this.key = key;
        this.documentation = documentation;
        this.form = form;
    }

    /** The option of this key. */
    public static Optional<UnderStoreOption> of(String key) {
        return Arrays.stream(values()).filter(option -> option.key.equals(key)).findFirst();
    }

    /** As it is written on the command line and in files: {@code "ca-file"}. */
    public String key() {
        return key;
    }

    public String documentation() {
        return documentation;
    }

    void validate(String value) {
        try {
            form.check(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("option " + key + ": " + e.getMessage(), e);
        }
    }

    static String keys() {
        return Arrays.stream(values()).map(UnderStoreOption::key).collect(Collectors.joining(", "));
    }

    private enum Form {
        TEXT,
        PATH,
        ENDPOINT,
        FLAG,
        DURATION,
        COUNT;

        @CanIgnoreReturnValue
        Object check(String value) {
            return switch (this) {
                case TEXT -> value;
                case PATH -> Path.of(value);
                case ENDPOINT -> UnderStoreOptions.parseEndpoint(value);
                case FLAG -> UnderStoreOptions.parseFlag(value);
                case DURATION -> UnderStoreOptions.parseDuration(value);
                case COUNT -> UnderStoreOptions.parseCount(value);
            };
        }
    }
}
