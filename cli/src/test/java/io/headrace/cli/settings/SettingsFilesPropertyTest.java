package io.headrace.cli.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Whatever a settings file holds, it sets what is known, or the message names the file. */
class SettingsFilesPropertyTest {
    @Property(tries = 500)
    void any_bytes_are_refused_with_the_files_name_or_taken(@ForAll byte[] bytes) throws IOException {
        read(bytes);
    }

    @Property(tries = 500)
    void so_are_lines_that_look_like_settings(@ForAll @From("lines") String text) throws IOException {
        read(text.getBytes(StandardCharsets.UTF_8));
    }

    @Provide
    Arbitrary<String> lines() {
        List<String> keys = Settings.keys().stream().map(SettingKey::name).toList();
        Arbitrary<String> piece = Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.of(keys)),
                Tuple.of(4, Arbitraries.of("=", " = ", "\n", ":", "\\", "\\u", "\\u00", "#", "!", "-", "0")),
                Tuple.of(2, Arbitraries.longs().map(String::valueOf)),
                Tuple.of(2, Arbitraries.of("s", "ms", "GiB", "MB", "true", "off", "h", "%")),
                Tuple.of(1, Arbitraries.strings().ofMaxLength(6)));
        return piece.list().ofMaxSize(12).map(pieces -> String.join("", pieces));
    }

    private static void read(byte[] bytes) throws IOException {
        Path file = Files.createTempFile("headrace-settings", ".properties");
        try {
            Files.write(file, bytes);
            Settings read = Settings.read(List.of(file), Map.of());
            assertThat(Settings.keys().stream().map(SettingKey::name).filter(read::says))
                    .hasSizeLessThanOrEqualTo(bytes.length);
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageContaining(file.toString());
        } finally {
            Files.delete(file);
        }
    }
}
