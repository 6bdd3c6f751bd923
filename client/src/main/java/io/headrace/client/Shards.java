package io.headrace.client;

import io.headrace.protocol.EntryName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Models in several files, whose names count: {@code model-00003-of-00007.safetensors}. Transformers and llama.cpp write
 * them so ({@code SAFE_WEIGHTS_NAME} with {@code -NNNNN-of-NNNNN} in huggingface_hub; {@code llama_split_path}), always
 * with five digits, from 1, and loaders read them in this order.
 */
final class Shards {
    private static final Pattern SHARD = Pattern.compile("(.*-)(\\d{5})-of-(\\d{5})(\\.[A-Za-z0-9._]+)");

    /** The first string of an index that is a shard's name; the names' own characters are what the hub allows. */
    private static final Pattern SHARD_IN_INDEX =
            Pattern.compile("\"([\\w.-]{1,200}-)\\d{5}(-of-\\d{5}\\.[\\w.]{1,30})\"");

    private Shards() {}

    /** The shard behind this one; empty for the last, and for what is no shard. */
    static Optional<EntryName> after(EntryName name) {
        Matcher shard = SHARD.matcher(name.toString());
        if (!shard.matches()) {
            return Optional.empty();
        }
        int number = Integer.parseInt(shard.group(2));
        int count = Integer.parseInt(shard.group(3));
        return number < count
                ? Optional.of(EntryName.of(String.format(
                        Locale.ROOT, "%s%05d-of-%s%s", shard.group(1), number + 1, shard.group(3), shard.group(4))))
                : Optional.empty();
    }

    /** The first shard of a model whose index begins so. */
    static Optional<EntryName> firstNamedIn(ByteBuffer index) {
        Matcher shard = SHARD_IN_INDEX.matcher(StandardCharsets.UTF_8.decode(index.slice()));
        return shard.find() ? Optional.of(EntryName.of(shard.group(1) + "00001" + shard.group(2))) : Optional.empty();
    }
}
