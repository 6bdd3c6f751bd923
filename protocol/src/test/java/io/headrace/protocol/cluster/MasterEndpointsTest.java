package io.headrace.protocol.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class MasterEndpointsTest {
    @Test
    void reads_what_it_writes_in_its_order() {
        for (String text : List.of("b:2", "b:2,a:1", "[::1]:7300,10.0.0.1:7300,m:1")) {
            assertThat(MasterEndpoints.parse(text)).hasToString(text);
        }
        assertThat(MasterEndpoints.parse("b:2, a:1"))
                .isEqualTo(MasterEndpoints.of(new Endpoint("b", 2), new Endpoint("a", 1)));
    }

    @Test
    void says_what_is_wrong_with_others() {
        for (String text : List.of("", ",", "a:1,", "a:1;b:2", "a:1,b")) {
            assertRefused(text, "write host:port");
        }
        assertRefused("a:1,b:1,a:1", "a master is named twice: a:1,b:1,a:1");
        assertRefused("a:1,b:1,c:1,d:1,e:1,f:1,g:1,h:1,i:1", "1 to 8 masters, and not 9");
    }

    private static void assertRefused(String text, String why) {
        assertThatThrownBy(() -> MasterEndpoints.parse(text))
                .as(text)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }
}
