package io.headrace.testing.seaweed;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Somebody whom a {@link SeaweedServer} knows. The secret is for tests only.
 *
 * @param actions what it may do, as SeaweedFS names it: {@code Admin}, {@code Read}, {@code List}, {@code Write},
 *     each for all buckets or as {@code Read:BUCKET}
 */
public record S3Identity(String name, String accessKey, String secretKey, List<String> actions) {
    public S3Identity {
        actions = List.copyOf(actions);
    }

    String toJson() {
        return "{\"name\":\"%s\",\"credentials\":[{\"accessKey\":\"%s\",\"secretKey\":\"%s\"}],\"actions\":[%s]}"
                .formatted(
                        name,
                        accessKey,
                        secretKey,
                        actions.stream().map(action -> '"' + action + '"').collect(Collectors.joining(",")));
    }
}
