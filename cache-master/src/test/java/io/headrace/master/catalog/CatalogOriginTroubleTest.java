package io.headrace.master.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.headrace.protocol.FaultPoints;
import io.headrace.protocol.Namespace;
import io.headrace.protocol.OriginException;
import io.headrace.protocol.OriginException.Refusal;
import io.headrace.protocol.OriginTrouble;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What readers see while the origin fails, hangs or answers late. */
final class CatalogOriginTroubleTest extends OneOpenCatalog {
    @Test
    void origin_trouble_leaves_the_old_names() throws IOException {
        origin.put("d/a", 1);
        CatalogMount mount = open.mountListed(origin);
        var before = open.walk();
        origin.fail(new OriginException.Unavailable("the origin is on fire"));
        open.clock.advance(BOUND.multipliedBy(2));

        assertThat(open.walk()).isEqualTo(before);
        assertThatThrownBy(mount::list).hasMessageContaining("on fire");
        assertThat(open.walk()).isEqualTo(before);
        assertThat(mount.status().trouble())
                .contains(new OriginTrouble("the origin is on fire", open.clock.instant(), true));
    }

    @Test
    void trouble_stays_in_the_status_until_the_origin_answers() throws IOException {
        CatalogMount mount = open.mountListed(origin);
        Instant listed = open.clock.instant();
        origin.fail(new OriginException.Refused(Refusal.FORBIDDEN, "grant s3:ListBucket"));
        open.clock.advance(BOUND);
        assertThatThrownBy(mount::list).hasMessageContaining("grant");

        assertThat(mount.status().answeredAt()).contains(listed);
        assertThat(mount.status().trouble())
                .contains(new OriginTrouble("grant s3:ListBucket", open.clock.instant(), false));

        origin.recover();
        open.walk();
        assertThat(mount.status().trouble()).isEmpty();
        assertThat(mount.status().answeredAt()).contains(open.clock.instant());
    }

    @Test
    void origin_trouble_is_never_not_found() throws IOException {
        origin.fail(new OriginException.Unavailable("the origin is on fire"));
        open.mount(origin);
        assertThatThrownBy(() -> open.find("a")).isInstanceOf(OriginException.Unavailable.class);
        assertThatThrownBy(() -> open.catalog.openDirectory(Namespace.ROOT_ID))
                .isInstanceOf(OriginException.Unavailable.class);
        origin.recover();
        origin.put("a", 1);
        assertThat(open.find("a")).isPresent();
    }

    @Test
    void a_directory_whose_pages_come_too_slowly_is_unavailable_and_not_short() throws IOException {
        for (int i = 0; i < 50; i++) {
            origin.put("d/" + (10 + i), 1);
        }
        open.mount(origin);
        long d = open.find("d").orElseThrow().id();
        int before = origin.lists.get();
        origin.beforeEachPage(request -> open.clock.advance(Catalog.ANSWER_WITHIN.dividedBy(2)));
        assertThatThrownBy(() -> open.catalog.openDirectory(d))
                .isInstanceOf(OriginException.Unavailable.class)
                .hasMessageContaining("\"d/\" at s3://models were not all listed within 120 s");
        assertThat(origin.lists.get()).isEqualTo(before + 2);

        origin.beforeEachPage(request -> {});
        assertThat(open.list(d)).hasSize(50);
    }

    @Test
    void a_reader_does_not_wait_for_ever_for_what_another_asked() throws Exception {
        open.close();
        open = new OpenCatalog(directory, open.clock, FaultPoints.NONE, Duration.ofMillis(50));
        origin.put("a", 1);
        open.mount(origin);
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        origin.beforeEachPage(request -> {
            asked.countDown();
            awaitIn(answer);
        });
        FutureTask<List<String>> first = new FutureTask<>(() -> open.list(Namespace.ROOT_ID));
        Thread reader = Thread.ofPlatform().name("first-reader").start(first);
        try {
            assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
            assertThatThrownBy(() -> open.catalog.openDirectory(Namespace.ROOT_ID))
                    .isInstanceOf(OriginException.Unavailable.class);
            assertThatThrownBy(() -> open.find("a")).isInstanceOf(OriginException.Unavailable.class);
        } finally {
            answer.countDown();
            reader.join(Duration.ofSeconds(60));
        }
        assertThat(first.get(60, TimeUnit.SECONDS)).containsExactly("a");
    }

    @Test
    void an_origin_that_asks_for_an_hour_is_not_waited_for() throws IOException {
        origin.fail(new OriginException.Unavailable("slow down", Optional.of(Duration.ofHours(1))));
        open.mount(origin);
        assertThatThrownBy(() -> open.find("a")).hasMessageContaining("slow down");
        assertThat(open.background.paused()).isZero();
    }

    private static void awaitIn(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(60, TimeUnit.SECONDS)) {
                throw new IOException("nobody let the answer go");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("while the answer is held back");
        }
    }

    @Test
    void a_listing_that_fails_half_way_removes_nothing_and_is_tried_again_later() throws IOException {
        for (int i = 0; i < 50; i++) {
            origin.put("d/" + (10 + i), 1);
        }
        open.mountListed(origin);
        int pages = origin.lists.get();
        origin.beforeEachPage(request -> {
            if (origin.lists.get() > pages + 2) {
                throw new OriginException.Unavailable("cut");
            }
        });
        origin.remove("d/10");
        open.clock.advance(Duration.ofMinutes(10));
        open.background.runListing();
        assertThat(open.background.listingDelay()).isEqualTo(Duration.ofSeconds(1));
        assertThat(open.catalog.totals().files()).isEqualTo(50);

        origin.beforeEachPage(request -> {});
        open.background.runListing();
        assertThat(open.background.listingDelay()).isEqualTo(Duration.ofMinutes(10));
        assertThat(open.catalog.totals().files()).isEqualTo(49);
    }

    @Test
    void a_page_does_not_overwrite_what_a_reader_found_out_later() throws IOException {
        for (int i = 0; i < 30; i++) {
            origin.put("d/" + (10 + i), 1);
        }
        CatalogMount mount = open.mountListed(origin);
        open.clock.advance(BOUND);
        long d = open.find("d").orElseThrow().id();
        boolean[] asked = new boolean[1];
        origin.beforeEachPage(request -> {
            if (request.recursive() && request.continuation().isPresent() && !asked[0]) {
                // The first page is on its way into the catalog; the object on it is removed, and a reader sees that.
                asked[0] = true;
                origin.remove("d/10");
                open.clock.advance(BOUND.multipliedBy(2));
                assertThat(open.list(d)).doesNotContain("10");
            }
        });
        open.relist(mount);
        assertThat(asked[0]).isTrue();
        assertThat(open.list(d)).hasSize(29).doesNotContain("10");
    }
}
