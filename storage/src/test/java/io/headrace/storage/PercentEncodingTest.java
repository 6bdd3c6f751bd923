package io.headrace.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.Bytes;
import java.net.URI;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class PercentEncodingTest {
    @Property
    void any_bytes_come_back(@ForAll byte[] bytes) {
        assertThat(PercentEncoding.decode(PercentEncoding.encode(Bytes.copyOf(bytes))))
                .isEqualTo(Bytes.copyOf(bytes));
    }

    @Property
    void any_bytes_are_a_valid_uri_path(@ForAll byte[] bytes) {
        String encoded = PercentEncoding.encode(Bytes.copyOf(bytes));

        assertThat(URI.create("file:///" + encoded).getRawPath()).isEqualTo("/" + encoded);
    }
}
