package dev.hearth.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.storage.Database;
import dev.hearth.storage.DatabaseLocation;
import dev.hearth.webhook.InboxSearch;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What would be put off if the process went to sleep.
class SiteTest {
    private static final Map<String, String> OUTGOING =
            Map.of(
                    "outgoing.shop.url", "https://shop.example/hooks",
                    "outgoing.shop.secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    private static final Map<String, String> STRIPE = Map.of("stripe.api_key", "sk_test_1");

    @TempDir Path folder;
    private Database database;

    @BeforeEach
    void open() {
        database = Database.open(new DatabaseLocation.SqliteFile(folder.resolve("hearth.db")));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void a_site_of_which_nothing_was_asked_has_nothing_to_do() throws Exception {
        assertThat(hasNothingToDo(OUTGOING)).isTrue();
        assertThat(hasNothingToDo(STRIPE)).isTrue();
    }

    @Test
    void an_event_waits() throws Exception {
        database.write(tx ->
                tx.update(
                        """
                        INSERT INTO webhook_inbox (id, source, external_id, event_type, event_created, received_at,
                                                   headers_json, body_sha256, state, next_at)
                        VALUES ('e1', 'stripe', 'evt_1', 'a', 1, 1, '{}', zeroblob(32), 'received', 1)
                        """));

        assertThat(hasNothingToDo(Map.of())).isFalse();
        database.write(tx ->
                tx.update(
                        "UPDATE webhook_inbox SET state = 'done', next_at = NULL WHERE id = 'e1'"));
        assertThat(hasNothingToDo(Map.of())).isTrue();
    }

    @Test
    void a_message_waits_for_the_process_that_knows_its_endpoint() throws Exception {
        try (Site site = site(OUTGOING)) {
            String id = database.write(tx -> site.outbox().notify(tx, "shop", "order.paid", "{}"));
            assertThat(site.hasNothingToDo()).isFalse();
            assertThat(hasNothingToDo(Map.of())).isTrue();

            assertThat(site.outbox().records().giveUp(id)).isTrue();
            assertThat(site.hasNothingToDo()).isTrue();
        }
    }

    @Test
    void what_waits_for_nobody_hides_no_message_that_waits() throws Exception {
        try (Site site = site(OUTGOING)) {
            database.write(tx ->
                    tx.update(
                            """
                            INSERT INTO outgoing_webhook (id, endpoint, event_type, body, state, next_at, created_at)
                            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
                            SELECT 'm' || i, 'gone', 'a', '{}', 'waiting', 1, 1 FROM n
                            """,
                            InboxSearch.MOST_COUNTED + 1));
            assertThat(site.hasNothingToDo()).isTrue();

            database.write(tx -> site.outbox().notify(tx, "shop", "order.paid", "{}"));
            assertThat(site.hasNothingToDo()).isFalse();
        }
    }

    @Test
    void a_call_without_an_outcome_waits_for_the_process_that_knows_stripe() throws Exception {
        database.write(tx -> {
            tx.update(
                    """
                    INSERT INTO invoice (id, principal, order_ref, amount, currency, state, lines_json, created_at)
                    VALUES ('i1', 'shop', 'order 1', 1800, 'eur', 'open', '{}', 1)
                    """);
            return tx.update(
                    """
                    INSERT INTO api_call (id, purpose, invoice_id, path, params_json, params_sha256, idempotency_key,
                                          subject_version, state, next_at, created_at)
                    VALUES ('c1', 'void_invoice', 'i1', '/v1/invoices', '{}', '', 'k1', 1, 'unknown', 4102444800000, 1)
                    """);
        });

        assertThat(hasNothingToDo(STRIPE)).isFalse();
        assertThat(hasNothingToDo(Map.of())).isTrue();

        database.write(tx -> tx.update("UPDATE api_call SET state = 'ok', next_at = NULL"));
        assertThat(hasNothingToDo(STRIPE)).isTrue();
    }

    private boolean hasNothingToDo(Map<String, String> values) throws Exception {
        try (Site site = site(values)) {
            return site.hasNothingToDo();
        }
    }

    private Site site(Map<String, String> values) throws Exception {
        Map<String, String> all = new TreeMap<>(values);
        all.put("data", folder.toString());
        return Site.open(SettingsReader.readOnly(all), database, _ -> {});
    }
}
