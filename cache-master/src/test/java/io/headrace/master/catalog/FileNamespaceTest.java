package io.headrace.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.headrace.protocol.Entry.DirectoryEntry;
import io.headrace.protocol.Namespace;
import io.headrace.storage.UnderStore;
import io.headrace.storage.UnderStoreOptions;
import io.headrace.storage.UnderStores;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;

/** A folder, which has directories and their times of its own. */
final class FileNamespaceTest extends NamespaceContract {
    private Path folder() {
        return directory.resolve("origin");
    }

    private Path awayFolder() {
        return directory.resolve("origin is away");
    }

    @Override
    UnderStore openEmpty() throws IOException {
        return UnderStores.open(Files.createDirectory(folder()).toUri(), UnderStoreOptions.defaults());
    }

    @Override
    void put(String key, int lengthBytes) throws IOException {
        Path path = folder().resolve(key);
        Files.createDirectories(path.getParent());
        Path whole = Files.write(directory.resolve("new"), new byte[lengthBytes]);
        Files.move(whole, path, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    void remove(String key) throws IOException {
        Files.delete(folder().resolve(key));
        for (int slash = key.lastIndexOf('/'); slash > 0; slash = key.lastIndexOf('/', slash - 1)) {
            Path above = folder().resolve(key.substring(0, slash));
            if (!isEmpty(above)) {
                return;
            }
            Files.delete(above);
        }
    }

    @Override
    void breakDown() throws IOException {
        Files.move(folder(), awayFolder());
    }

    @Override
    void recover() throws IOException {
        Files.move(awayFolder(), folder());
    }

    @Test
    void an_empty_directory_shows_until_it_is_removed() throws IOException {
        Files.createDirectories(folder().resolve("a/empty"));
        CatalogMount mount = open().mountListed(origin());
        assertThat(open().find("a/empty")).get().isInstanceOf(DirectoryEntry.class);
        assertThat(open().list(open().find("a/empty").orElseThrow().id())).isEmpty();
        Files.delete(folder().resolve("a/empty"));
        open().relist(mount);
        assertThat(open().find("a/empty")).isEmpty();
        assertThat(open().find("a")).isPresent();
    }

    @Test
    void names_of_any_bytes_show() throws IOException {
        put("two\nlines", 1);
        put("back\\slash", 1);
        Files.write(Path.of(URI.create("file://" + folder().toUri().getRawPath() + "caf%E9")), new byte[3]);
        open().mountListed(origin());
        assertThat(open().list(Namespace.ROOT_ID)).hasSize(3).contains("two\nlines");
        assertThat(open().catalog.unreachable().count()).isZero();
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (var inside = Files.list(folder)) {
            return inside.findAny().isEmpty();
        }
    }
}
