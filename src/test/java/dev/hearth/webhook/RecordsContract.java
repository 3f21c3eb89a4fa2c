package dev.hearth.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.hearth.testing.Await;
import java.io.BufferedReader;
import java.io.StringReader;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The stored events in the hands of their operator, on whichever database.
abstract class RecordsContract extends InboxFixture {
    @Test
    void the_list_is_newest_first_and_filtered() throws Exception {
        post(event("evt_1", "o", 1));
        clock.advance(Duration.ofHours(1));
        post(event("evt_2", "o", 2));

        InboxRecords records = inbox.records();
        assertThat(records.list(InboxFilter.ALL))
                .extracting(InboxEntry::externalId)
                .containsExactly("evt_2", "evt_1");
        assertThat(records.list(InboxFilter.ALL.atMost(1))).hasSize(1);
        assertThat(records.list(InboxFilter.ALL.in(InboxState.DEAD))).isEmpty();
        assertThat(
                        records.list(
                                InboxFilter.ALL.between(
                                        Optional.of(clock.instant()), Optional.empty())))
                .extracting(InboxEntry::externalId)
                .containsExactly("evt_2");
        assertThat(inbox.search().backlog()).containsEntry(InboxState.RECEIVED, 2L);
        assertThat(inbox.search().oldestWaiting())
                .contains(clock.instant().minus(Duration.ofHours(1)));
        InboxEntry entry = records.find("evt_1").orElseThrow();
        assertThat(records.find(entry.id())).contains(entry);
        assertThat(new String(records.body(entry.id()).orElseThrow(), UTF_8))
                .isEqualTo(event("evt_1", "o", 1));
    }

    @Test
    void old_bodies_are_forgotten_but_their_events_still_known() throws Exception {
        post(event("evt_1", "o", 1));
        try (var _ = inbox.startWorker(QUICK)) {
            Await.until("ignored", () -> states().equals(List.of("evt_1 ignored")));
        }
        post(event("evt_2", "o", 2));
        clock.advance(Duration.ofDays(91));
        Instant bodies = clock.instant().minus(Duration.ofDays(90));
        Instant rows = clock.instant().minus(Duration.ofDays(400));

        assertThat(inbox.records().forget(bodies, rows)).isOne();

        InboxEntry forgotten = inbox.records().find("evt_1").orElseThrow();
        assertThat(forgotten.hasBody()).isFalse();
        assertThat(inbox.records().replay(forgotten.id())).isFalse();
        assertThat(inbox.records().find("evt_2").orElseThrow().hasBody()).isTrue();
        assertThat(text(post(event("evt_1", "o", 1)))).contains("\"duplicate\":true");

        clock.advance(Duration.ofDays(400));
        inbox.records().forget(bodies, clock.instant().minus(Duration.ofDays(400)));
        assertThat(inbox.records().find("evt_1")).isEmpty();
    }

    @Test
    void what_is_exported_can_be_imported_and_twice_changes_nothing() throws Exception {
        String umlaut = event("evt_1", "o", 1).replace("thing\"}", "Zürich €\"}");
        post(umlaut);
        post(event("evt_2", "o", 2));
        StringWriter lines = new StringWriter();
        assertThat(new InboxFiles(database).exportTo(lines, InboxFilter.ALL)).isEqualTo(2);
        List<InboxEntry> before = inbox.records().list(InboxFilter.ALL);
        database.write(tx -> tx.update("DELETE FROM webhook_inbox"));

        InboxFiles files = new InboxFiles(database);
        assertThat(files.importFrom(new BufferedReader(new StringReader(lines.toString()))))
                .isEqualTo(new InboxFiles.Imported(2, 0));
        assertThat(files.importFrom(new BufferedReader(new StringReader(lines.toString()))))
                .isEqualTo(new InboxFiles.Imported(0, 2));

        assertThat(inbox.records().list(InboxFilter.ALL)).isEqualTo(before);
        String id = inbox.records().find("evt_1").orElseThrow().id();
        assertThat(new String(inbox.records().body(id).orElseThrow(), UTF_8)).isEqualTo(umlaut);
    }

    @Test
    void a_damaged_line_is_refused_with_its_number() throws Exception {
        post(event("evt_1", "o", 1));
        StringWriter lines = new StringWriter();
        new InboxFiles(database).exportTo(lines, InboxFilter.ALL);
        String altered = lines.toString().replaceFirst("\"sha256\":\"..", "\"sha256\":\"00");

        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new InboxFiles(database)
                                .importFrom(new BufferedReader(new StringReader(lines + altered))))
                .withMessageContaining("line 2");
    }

    @ParameterizedTest
    @CsvSource({
        "sha256,      zz,    not a hexadecimal digit",
        "body,        ***,   Illegal base64",
        "state,       later, no inbox state is called later",
        "received_at, soon,  it has no whole number \"received_at\"",
        "attempts,    3e9,   it has no whole number \"attempts\"",
        "external_id, '',    it has no text \"external_id\"",
        "body,        ,      an event that is to be handled has a body",
    })
    void the_lines_before_a_damaged_one_are_stored(String member, String value, String why)
            throws Exception {
        post(event("evt_1", "o", 1));
        post(event("evt_2", "o", 2));
        StringWriter exported = new StringWriter();
        new InboxFiles(database).exportTo(exported, InboxFilter.ALL);
        database.write(tx -> tx.update("DELETE FROM webhook_inbox"));
        String[] lines = exported.toString().split("\n", -1);
        ObjectNode damaged = (ObjectNode) new JsonMapper().readTree(lines[1]);
        damaged.put(member, value);
        if (value == null) {
            damaged.remove(member);
        }

        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new InboxFiles(database)
                                .importFrom(
                                        new BufferedReader(
                                                new StringReader(
                                                        lines[0] + "\n\n" + damaged + "\n"))))
                .withMessageContaining("line 3: ")
                .withMessageContaining(why);
        assertThat(inbox.records().find("evt_1")).isPresent();
        assertThat(inbox.records().find("evt_2")).isEmpty();
    }
}
