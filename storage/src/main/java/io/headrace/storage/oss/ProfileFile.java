package io.headrace.storage.oss;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Profiles as they stand in a file: the sections of {@code ~/.alibabacloud/credentials}, or the JSON of the Aliyun CLI's
 * {@code ~/.aliyun/config.json}.
 *
 * @param profiles by name, in the file's order
 * @param usual the name of the one that is used when nobody names one
 */
record ProfileFile(Path path, Map<String, Profile> profiles, String usual) {
    /** What the sections call otherwise than the CLI does. */
    private static final Map<String, String> CLI_NAMES = Map.of(
            "security_token", "sts_token",
            "role_arn", "ram_role_arn",
            "role_session_name", "ram_session_name",
            "role_name", "ram_role_name",
            "oidc_token_file_path", "oidc_token_file");

    private static final Map<String, String> CLI_MODES = Map.of(
            "access_key", "AK",
            "sts", "StsToken",
            "ram_role_arn", "RamRoleArn",
            "ecs_ram_role", "EcsRamRole",
            "oidc_role_arn", "OIDC");

    /** @throws OssCredentials.Missing when the file cannot be read */
    static ProfileFile read(Path path) {
        String text;
        try {
            text = Files.readString(path);
        } catch (IOException | UncheckedIOException e) {
            throw new OssCredentials.Missing(
                    "the credentials file " + path + " cannot be read: it is no text in UTF-8, or was removed");
        }
        return text.stripLeading().startsWith("{") ? ofCli(path, text) : ofSections(path, text);
    }

    private static ProfileFile ofCli(Path path, String text) {
        JsonNode root = TemporaryCredentials.parse(text);
        if (!root.path("profiles").isArray()) {
            throw new OssCredentials.Missing("the credentials file " + path
                    + " is not in the form of the Aliyun CLI's config.json. Write it anew with: aliyun configure");
        }
        Map<String, Profile> profiles = new LinkedHashMap<>();
        for (JsonNode profile : root.path("profiles")) {
            Map<String, String> fields = new HashMap<>();
            profile.properties()
                    .forEach(
                            field -> fields.put(field.getKey(), field.getValue().asText()));
            Profile read = new Profile(profile.path("name").asText(), path, fields);
            // The CLI writes a profile without anything in it when it is first used.
            if (!read.mode().equals("AK") || read.field("access_key_id").isPresent()) {
                profiles.put(read.name(), read);
            }
        }
        return new ProfileFile(path, profiles, root.path("current").asText("default"));
    }

    /** The lines {@code key = value} below {@code [name]}. */
    private static ProfileFile ofSections(Path path, String text) {
        Map<String, Map<String, String>> sections = new LinkedHashMap<>();
        Map<String, String> values = new HashMap<>();
        for (String line : text.lines().map(String::strip).toList()) {
            int equals = line.indexOf('=');
            if (line.startsWith("[") && line.endsWith("]")) {
                values = sections.computeIfAbsent(line.substring(1, line.length() - 1), name -> new HashMap<>());
            } else if (equals > 0 && !line.startsWith("#") && !line.startsWith(";")) {
                String key = line.substring(0, equals).strip();
                values.put(
                        CLI_NAMES.getOrDefault(key, key),
                        line.substring(equals + 1).strip());
            }
        }
        Map<String, Profile> profiles = new LinkedHashMap<>();
        sections.forEach((name, fields) -> profiles.put(name, new Profile(name, path, withMode(fields))));
        return new ProfileFile(path, profiles, "default");
    }

    private static Map<String, String> withMode(Map<String, String> section) {
        String type = section.getOrDefault("type", section.containsKey("sts_token") ? "sts" : "access_key");
        Map<String, String> fields = new HashMap<>(section);
        fields.put("mode", CLI_MODES.getOrDefault(type, type));
        return fields;
    }

    Optional<Profile> find(Optional<String> name) {
        return Optional.ofNullable(profiles.get(name.orElse(usual)));
    }

    @Override
    public String toString() {
        return path + " (which has " + (profiles.isEmpty() ? "none" : String.join(", ", profiles.keySet())) + ")";
    }
}
