package io.headrace.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.protocol.OriginException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnderStoresTest {
    @Test
    void an_unknown_scheme_is_refused_with_the_known_forms() {
        assertThatThrownBy(() -> open("ftp://host/folder"))
                .isInstanceOf(OriginException.Refused.class)
                .hasMessageContaining("\"ftp\"")
                .hasMessageContaining("file:///FOLDER");
    }

    @Test
    void a_path_without_a_scheme_is_refused_with_the_known_forms() {
        assertThatThrownBy(() -> open("/srv/models"))
                .isInstanceOf(OriginException.Refused.class)
                .hasMessageContaining("no scheme")
                .hasMessageContaining("file:///FOLDER");
    }

    @Test
    void credentials_in_the_uri_are_refused_and_not_repeated() {
        for (String scheme : UnderStores.schemes()) {
            assertThatThrownBy(() -> open(scheme + "://AKIDEXAMPLE:secret%2Fword@place/folder"))
                    .isInstanceOf(OriginException.Refused.class)
                    .hasMessageContaining("credentials")
                    .hasMessageContaining("place")
                    .hasMessageNotContaining("AKIDEXAMPLE")
                    .hasMessageNotContaining("secret");
        }
    }

    @Test
    void a_query_is_refused_and_not_repeated() {
        for (String scheme : UnderStores.schemes()) {
            assertThatThrownBy(() -> open(scheme + "://place/folder?token=secret"))
                    .isInstanceOf(OriginException.Refused.class)
                    .hasMessageNotContaining("secret");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"file://host/folder", "file:folder"})
    void a_file_uri_without_an_absolute_path_is_refused_with_the_form(String uri) {
        assertThatThrownBy(() -> open(uri))
                .isInstanceOf(OriginException.Refused.class)
                .hasMessageContaining("file:///");
    }

    @Test
    void the_same_place_has_the_same_location_with_and_without_a_slash_at_its_end() throws Exception {
        try (UnderStore plain = open("file:///srv/models");
                UnderStore slash = open("file:///srv/models/")) {
            assertThat(plain.location()).isEqualTo(slash.location());
            assertThat(plain.mountId()).isEqualTo(slash.mountId());
        }
    }

    @Test
    void options_are_read_by_name() {
        UnderStoreOptions options = UnderStoreOptions.parse(Map.of(
                "endpoint", "http://127.0.0.1:8333",
                "path-style", "true",
                "stall-timeout", "500ms",
                "max-connections", "8"));

        assertThat(options.endpoint()).contains(URI.create("http://127.0.0.1:8333"));
        assertThat(options.pathStyle()).contains(true);
        assertThat(options.stallTimeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(options.connectTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(options.maxConnections()).isEqualTo(8);
    }

    @ParameterizedTest
    @CsvSource({
        "endpont, x, endpoint",
        "endpoint, ftp://host, http://HOST:PORT",
        "endpoint, https://user:word@host, no credentials",
        "path-style, yes, true nor false",
        "stall-timeout, 10, 500ms",
        "max-connections, 0, whole number"
    })
    void a_wrong_option_is_refused_with_what_is_right(String key, String value, String hint) {
        assertThatThrownBy(() -> UnderStoreOptions.parse(Map.of(key, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(key)
                .hasMessageContaining(hint);
    }

    private static UnderStore open(String uri) throws OriginException {
        return UnderStores.open(URI.create(uri), UnderStoreOptions.defaults());
    }
}
