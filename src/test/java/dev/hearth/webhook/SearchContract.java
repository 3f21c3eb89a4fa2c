package dev.hearth.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.storage.TimeOrderedIds;
import dev.hearth.testing.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Finding stored events, on whichever database.
abstract class SearchContract extends InboxFixture {
    private static final int SOME = 1_200; // more than two of the longest stretches of bodies

    private static List<String> names(InboxPage page) {
        return page.entries().stream().map(InboxEntry::externalId).toList();
    }

    /// Stores events that are done, a second apart, as if they had come by themselves.
    private void storeSome() throws Exception {
        TimeOrderedIds ids = new TimeOrderedIds(clock);
        List<NewEvent> events = new ArrayList<>();
        for (int i = 0; i < SOME; i++) {
            Instant now = clock.instant();
            byte[] body = event("evt_" + i, "o" + i % 5, i).getBytes(UTF_8);
            events.add(
                    new NewEvent(
                            ids.next(now.toEpochMilli()),
                            "stripe",
                            new StripeScheme().head(dev.hearth.http.Headers.EMPTY, body),
                            now,
                            "{}",
                            body,
                            new byte[32]));
            clock.advance(Duration.ofSeconds(1));
        }
        database.write(tx -> InboxWrites.insert(tx, events, InboxWrites.NOBODYS));
        database.write(tx -> tx.update("UPDATE webhook_inbox SET state = 'done', next_at = NULL"));
    }

    @Test
    void pages_follow_each_other_without_gap_or_repetition() throws Exception {
        storeSome();
        InboxFilter filter = InboxFilter.ALL.about("o3").atMost(100);
        List<String> found = new ArrayList<>();
        InboxPage page = inbox.search().page(filter);
        found.addAll(names(page));
        while (page.next().isPresent()) {
            page = inbox.search().page(filter.after(page.next().get()));
            found.addAll(names(page));
        }

        assertThat(found).hasSize(SOME / 5).doesNotHaveDuplicates();
        assertThat(found.getFirst()).isEqualTo("evt_" + (SOME - 2));
        assertThat(found.getLast()).isEqualTo("evt_3");
    }

    @Test
    void a_text_is_found_in_bodies_and_the_page_says_how_far_it_looked() throws Exception {
        storeSome();
        InboxFilter filter = InboxFilter.ALL.containing("\"evt_7\"");
        InboxPage first = inbox.search().page(filter, Duration.ZERO);
        assertThat(first.entries()).isEmpty();
        assertThat(first.next()).isPresent();
        assertThat(first.lookedBackTo()).contains(clock.instant().minusSeconds(32));

        InboxPage all = inbox.search().page(filter, Duration.ofMinutes(1));
        assertThat(names(all)).containsExactly("evt_7");
        assertThat(all.next()).isEmpty();
    }

    @Test
    void every_part_of_a_filter_counts() throws Exception {
        storeSome();
        post(event("evt_waits", "o1", 1));
        InboxSearch search = inbox.search();

        assertThat(names(search.page(InboxFilter.ALL.in(InboxState.RECEIVED))))
                .containsExactly("evt_waits");
        assertThat(search.page(InboxFilter.ALL.in(InboxState.DEAD)).entries()).isEmpty();
        assertThat(names(search.page(InboxFilter.ALL.in(InboxState.DONE).atMost(2))))
                .containsExactly("evt_" + (SOME - 1), "evt_" + (SOME - 2));
        assertThat(search.page(InboxFilter.ALL.from("github")).entries()).isEmpty();
        assertThat(search.page(InboxFilter.ALL.ofType("thing.changed").atMost(3)).entries())
                .hasSize(3);
        assertThat(search.page(InboxFilter.ALL.ofType("thing.gone")).entries()).isEmpty();
        Instant middle = clock.instant().minusSeconds(600);
        assertThat(
                        names(
                                search.page(
                                        InboxFilter.ALL.between(
                                                Optional.of(middle.minusSeconds(2)),
                                                Optional.of(middle)))))
                .containsExactly("evt_599", "evt_598");
    }

    @Test
    void an_event_is_found_by_the_id_of_its_sender_whatever_its_source() throws Exception {
        storeSome();
        database.write(tx ->
                tx.update("UPDATE webhook_inbox SET source = 'other' WHERE external_id = 'evt_9'"));

        assertThat(inbox.records().find("evt_9").orElseThrow().source()).isEqualTo("other");
        assertThat(inbox.records().find("evt_8").orElseThrow().source()).isEqualTo("stripe");
        assertThat(inbox.records().find("evt_none")).isEmpty();
    }

    @Test
    void the_dead_are_grouped_by_what_they_died_of() throws Exception {
        handlers.on(
                "stripe",
                "*",
                (event, _) -> {
                    throw new PermanentFailureException(
                            event.objectId().orElseThrow().startsWith("bad")
                                    ? "no order " + event.externalId()
                                    : "amount differs");
                });
        // One of them has no digit, as happens to one of sixty real ids.
        for (String id : List.of("evt_0", "evt_rhyZsgOtRXAIgSsQVEzlUWTu", "evt_2")) {
            post(event(id, "bad" + id, 0));
        }
        post(event("evt_3", "other", 3));
        try (var _ = inbox.startWorker(QUICK)) {
            Await.until("all dead", () -> states().stream().allMatch(s -> s.endsWith("dead")));
        }

        List<DeadGroup> groups = new DeadLetters(database).groups();
        assertThat(groups).extracting(DeadGroup::count).containsExactly(3L, 1L);
        assertThat(groups.getFirst().error()).isEqualTo("PermanentFailureException: no order #");
        assertThat(groups.getFirst().newestId())
                .isEqualTo(inbox.records().find("evt_2").orElseThrow().id());
    }

    @Test
    void a_group_of_the_dead_is_put_back_and_nothing_else_of_its_source_and_type()
            throws Exception {
        for (String id : List.of("evt_0", "evt_1", "evt_2", "evt_3", "evt_4")) {
            post(event(id, id, 0));
        }
        letDie("evt_0", "no order evt_0");
        letDie("evt_1", "no order evt_1\nnor customer");
        letDie("evt_2", "amount differs by 3");
        letDie("evt_3", "no order evt_3");
        DeadLetters dead = new DeadLetters(database);
        DeadGroup shown = dead.groups().getFirst();
        assertThat(shown.count()).isEqualTo(2);
        letDie("evt_4", "no order evt_4"); // since the group was shown
        letDie("evt_3", "amount differs by 4");

        assertThat(dead.groupOf(idOf("evt_2")).orElseThrow().count()).isEqualTo(2);
        assertThat(dead.replay(shown.likeness(), shown.oldestId(), shown.newestId())).isEqualTo(1);
        assertThat(states())
                .containsExactlyInAnyOrder(
                        "evt_0 received", "evt_1 dead", "evt_2 dead", "evt_3 dead", "evt_4 dead");
        assertThat(dead.replay(shown.likeness(), shown.oldestId(), shown.newestId())).isZero();
        DeadGroup lines =
                dead.groupOf(idOf("evt_1")).orElseThrow(); // a form may send \r\n in its place
        assertThat(lines.error()).isEqualTo("no order # nor customer");
        assertThat(dead.groupOf(idOf("evt_0"))).isEmpty();
    }

    private String idOf(String externalId) throws Exception {
        return inbox.records().find(externalId).orElseThrow().id();
    }

    private void letDie(String externalId, String error) throws Exception {
        database.write(tx ->
                tx.update(
                        "UPDATE webhook_inbox SET state = 'dead', next_at = NULL, last_error = ?"
                                + " WHERE external_id = ?",
                        error,
                        externalId));
    }

    @Test
    void states_are_counted_as_far_as_they_matter() throws Exception {
        storeSome();
        post(event("evt_waits", "o1", 1));
        Instant waits = clock.instant();
        clock.advance(Duration.ofHours(1));

        InboxSearch search = inbox.search();
        assertThat(search.backlog()).containsOnlyKeys(InboxState.RECEIVED);
        assertThat(search.oldestWaiting()).contains(waits);
    }
}
