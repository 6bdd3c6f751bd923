package io.headrace.storage.oss;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * One profile of a file of credentials.
 *
 * @param fields by the names that the Aliyun CLI has for them
 */
record Profile(String name, Path file, Map<String, String> fields) {
    Profile {
        fields = Map.copyOf(fields);
    }

    /** As the CLI writes it: {@code "RamRoleArn"}. */
    String mode() {
        return field("mode").orElse("AK");
    }

    Optional<String> field(String key) {
        return Optional.ofNullable(fields.get(key)).filter(value -> !value.isBlank());
    }

    /** @throws OssCredentials.Missing when it is not there */
    String required(String key) {
        return field(key)
                .orElseThrow(() -> new OssCredentials.Missing(this + ", of mode " + mode() + ", has no " + key
                        + ". Write it there, or name another profile" + " with the option profile"));
    }

    /** Names it, and holds no secret. */
    @Override
    public String toString() {
        return "the profile \"" + name + "\" in " + file;
    }
}
