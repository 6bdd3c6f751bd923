package io.headrace.client.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class AffinitySettingsTest {
    @Test
    void a_client_stands_where_its_settings_say() {
        AffinitySettings settings = new AffinitySettings(
                Affinity.REQUIRE_ZONE, Optional.of("node-1"), Optional.of("b"), Optional.of("north"));
        Standpoint standpoint = settings.standpoint(new Random(1));
        assertThat(standpoint.here().host()).isEqualTo("node-1");
        assertThat(standpoint.here().zone()).contains("b");
        assertThat(standpoint.here().region()).contains("north");
        assertThat(standpoint.affinity()).isEqualTo(Affinity.REQUIRE_ZONE);
    }

    @Test
    void without_a_name_it_is_the_machine() {
        assertThat(AffinitySettings.defaults().standpoint(new Random(1)).here().host())
                .isNotBlank();
    }

    @Test
    void what_is_required_has_to_be_named() {
        assertThatThrownBy(() -> new AffinitySettings(
                        Affinity.REQUIRE_ZONE, Optional.empty(), Optional.empty(), Optional.empty()))
                .hasMessageContaining("affinity.zone");
        assertThatThrownBy(() -> new AffinitySettings(
                        Affinity.REQUIRE_REGION, Optional.empty(), Optional.empty(), Optional.empty()))
                .hasMessageContaining("affinity.region");
    }
}
