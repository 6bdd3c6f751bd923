package io.headrace.storage.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.Bytes;
import java.net.URI;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

class AutoIndexTest {
    private static final URI FOLDER = URI.create("http://host/files/models/");

    @Test
    void reads_a_page_of_nginx() {
        AutoIndex index = AutoIndex.parse(FOLDER, """
                <html>
                <head><title>Index of /files/models/</title></head>
                <body>
                <h1>Index of /files/models/</h1><hr><pre><a href="../">../</a>
                <a href="weights/">weights/</a>                        23-Nov-2026 20:00       -
                <a href="a%20file%20%26%20more.bin">a file &amp; more.bin</a>     23-Nov-2026 20:00    1234
                <a href="caf%E9">caf</a>     23-Nov-2026 20:00    1
                </pre><hr></body>
                </html>
                """);

        assertThat(index.folders()).containsExactly(Bytes.utf8("weights/"));
        assertThat(index.files())
                .containsExactly(
                        Bytes.utf8("a file & more.bin"), Bytes.copyOf(new byte[] {'c', 'a', 'f', (byte) 0xe9}));
    }

    @Test
    void reads_a_page_of_apache_without_its_sort_orders() {
        AutoIndex index = AutoIndex.parse(FOLDER, """
                <table><tr><th><a href="?C=N;O=D">Name</a></th><th><a href="?C=M;O=A">Last modified</a></th></tr>
                <tr><td><a href="/files/">Parent Directory</a></td></tr>
                <tr><td><img src="/icons/folder.gif"></td><td><a href="weights/">weights/</a></td></tr>
                <tr><td><a href="x&amp;y.bin">x&amp;y.bin</a></td></tr></table>
                """);

        assertThat(index.folders()).containsExactly(Bytes.utf8("weights/"));
        assertThat(index.files()).containsExactly(Bytes.utf8("x&y.bin"));
    }

    @Test
    void passes_over_links_to_other_places() {
        String html = Stream.of(
                        "http://elsewhere/x",
                        "/other/x",
                        "mailto:me",
                        "javascript:x",
                        "#top",
                        "a/b",
                        "..%2Fsecret",
                        "%2e%2e/",
                        "./",
                        "")
                .map(link -> "<a href='" + link + "'>x</a>")
                .reduce("", String::concat);

        AutoIndex index = AutoIndex.parse(FOLDER, html + "<a href='http://host/files/models/mine'>x</a>");

        assertThat(index.folders()).isEmpty();
        assertThat(index.files()).containsExactly(Bytes.utf8("mine"));
    }

    @Property
    void whatever_a_page_holds_only_names_of_children_come_out(@ForAll @From("pages") String page) {
        AutoIndex index = AutoIndex.parse(FOLDER, page);

        assertThat(index.files()).allSatisfy(AutoIndexTest::assertIsName);
        assertThat(index.folders()).allSatisfy(folder -> {
            assertThat(folder.toString()).endsWith("/");
            assertIsName(folder.slice(0, folder.length() - 1));
        });
    }

    @Provide
    Arbitrary<String> pages() {
        Arbitrary<String> piece = Arbitraries.frequencyOf(
                Tuple.of(
                        6,
                        Arbitraries.of(
                                "<a ",
                                "href",
                                "=",
                                "\"",
                                "'",
                                ">",
                                "..",
                                "/",
                                "%2F",
                                "%2e",
                                "%",
                                "%zz",
                                "&amp;",
                                "http://host",
                                "?",
                                "#",
                                "/files/models/",
                                "./",
                                ":")),
                Tuple.of(2, Arbitraries.strings().ofMaxLength(8)),
                Tuple.of(3, Arbitraries.strings().alpha().ofMaxLength(4).map(name -> "<a href=\"" + name + "/\">")));
        return piece.list().ofMaxSize(40).map(pieces -> String.join("", pieces));
    }

    private static void assertIsName(Bytes name) {
        assertThat(name.toString()).isNotIn("", ".", "..").doesNotContain("/");
    }
}
