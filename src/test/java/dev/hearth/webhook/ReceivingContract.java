package dev.hearth.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hearth.http.Headers;
import dev.hearth.http.RefusedException;
import dev.hearth.http.Response;
import dev.hearth.webhook.Counters.Counter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What becomes of a webhook until it is answered, on whichever database.
abstract class ReceivingContract extends InboxFixture {
    @Test
    void a_genuine_event_is_stored_and_answered_with_its_id() throws Exception {
        Response response = post(event("evt_1", "o", 1));

        assertThat(response.status()).isEqualTo(200);
        assertThat(text(response)).matches("\\{\"id\":\"[0-9a-f-]{36}\",\"duplicate\":false}\n");
        assertThat(states()).containsExactly("evt_1 received");
    }

    @Test
    void the_same_event_again_is_a_duplicate_of_the_first() throws Exception {
        String first = text(post(event("evt_1", "o", 1)));
        Response again = post(event("evt_1", "o", 1));

        assertThat(again.status()).isEqualTo(200);
        assertThat(text(again)).isEqualTo(first.replace("false", "true"));
        assertThat(states()).hasSize(1);
    }

    @Test
    void an_id_outside_the_basic_plane_is_kept_and_half_of_a_character_refused() throws Exception {
        assertThat(post(event("evt_😀", "o", 1)).status()).isEqualTo(200);
        assertThat(text(post(event("evt_😀", "o", 1)))).contains("\"duplicate\":true");
        assertThat(states()).containsExactly("evt_😀 received");
        for (String half : List.of("evt_\\ud83d", "evt_\\ude00x", "\\ude00\\ud83d")) {
            Response refused = post(event(half, "o", 1));
            assertThat(refused.status()).as(half).isEqualTo(400);
            assertThat(text(refused)).contains("half of a character");
        }
        assertThat(states()).hasSize(1);
    }

    @Test
    void the_same_id_with_another_body_keeps_the_first_and_is_counted() throws Exception {
        post(event("evt_1", "o", 1));
        Response other = post(event("evt_1", "p", 1));

        assertThat(other.status()).isEqualTo(200);
        assertThat(text(other)).contains("\"duplicate\":true");
        assertThat(inbox.counters().get(Counter.CONFLICTING)).isOne();
    }

    @Test
    void every_bad_signature_gets_the_same_answer_and_leaves_no_row() throws Exception {
        String body = event("evt_1", "o", 1);
        Headers good = StripeScheme.sign(SECRET, body.getBytes(UTF_8), clock.instant());
        List<Response> answers = new ArrayList<>();
        answers.add(post("stripe", Headers.EMPTY, body));
        answers.add(post("stripe", Headers.of("Stripe-Signature", "t"), body));
        answers.add(post("stripe", good, body + " "));
        clock.advance(Duration.ofSeconds(301));
        answers.add(post("stripe", good, body));

        assertThat(answers).extracting(Response::status).containsOnly(400);
        assertThat(answers).extracting(InboxFixture::text).containsOnly(text(answers.getFirst()));
        assertThat(text(answers.getFirst())).contains("urn:hearth:problem:invalid-signature");
        assertThat(states()).isEmpty();
    }

    @Test
    void an_unknown_source_is_404_and_one_without_a_secret_503() throws Exception {
        assertThat(post("nobody", Headers.EMPTY, "{}").status()).isEqualTo(404);
        Response later = post("later", Headers.EMPTY, "{}");
        assertThat(later.status()).isEqualTo(503);
        assertThat(later.headers().first("Retry-After")).isPresent();
    }

    @Test
    void a_secret_that_comes_later_needs_no_restart() throws Exception {
        inbox.reload(
                List.of(new Source("later", new StripeScheme(), List.of(Secret.of("whsec_x")))));
        byte[] body = event("evt_1", "o", 1).getBytes(UTF_8);

        Response response =
                inbox.handler()
                        .handle(
                                Posted.to(
                                        "later",
                                        StripeScheme.sign(
                                                Secret.of("whsec_x"), body, clock.instant()),
                                        body));

        assertThat(response.status()).isEqualTo(200);
    }

    @Test
    void a_genuine_request_that_is_no_event_is_refused_and_leaves_no_row() throws Exception {
        Response response = post("[]");

        assertThat(response.status()).isEqualTo(400);
        assertThat(text(response)).contains("urn:hearth:problem:unreadable-event");
        assertThat(states()).isEmpty();
    }

    @Test
    void a_closed_database_is_503_with_retry_after() throws Exception {
        database.close();
        Response response = post(event("evt_1", "o", 1));

        assertThat(response.status()).isEqualTo(503);
        assertThat(response.headers().first("Retry-After")).isPresent();
    }

    @Test
    void a_body_of_one_mebibyte_is_taken_and_one_byte_more_is_refused_unread() throws Exception {
        String head = event("evt_1", "o", 1);
        String largest = head.substring(0, head.length() - 1) + ",\"x\":\"";
        largest += "x".repeat((1 << 20) - largest.length() - 2) + "\"}";
        assertThat(largest).hasSize(1 << 20);

        assertThat(post(largest).status()).isEqualTo(200);
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() ->
                        inbox.handler()
                                .handle(
                                        Posted.with(
                                                "stripe",
                                                Headers.EMPTY,
                                                new byte[0],
                                                (1 << 20) + 1)))
                .satisfies(refused -> assertThat(refused.problem().status()).isEqualTo(413));
    }

    @Test
    void events_that_are_stored_together_keep_each_what_is_theirs() throws Exception {
        EventHead said =
                new EventHead(
                        "evt_1",
                        "thing.made",
                        Optional.of("thing"),
                        Optional.of("o"),
                        Optional.of("2025-03-31"),
                        Optional.of(true),
                        Optional.of(Instant.ofEpochSecond(5)));
        List<NewEvent> group =
                List.of(
                        arriving("1", said, "first"),
                        arriving("2", EventHead.of("evt_2", "thing.changed"), "second"),
                        arriving("3", said, "third"));
        Lease lease = new Lease("somebody", clock.instant().plusSeconds(20), Set.of("2"));

        Set<String> stored = database.writeOnce(tx -> InboxWrites.insert(tx, group, lease));

        assertThat(stored).containsExactlyInAnyOrder("1", "2");
        long now = clock.instant().toEpochMilli();
        assertThat(rows())
                .containsExactly(
                        "1 stripe evt_1 thing.made thing o 2025-03-31 true 5000 %d {\"of\":\"1\"} first received 0 %d -"
                                .formatted(now, now),
                        "2 stripe evt_2 thing.changed - - - - %d %d {\"of\":\"2\"} second processing 1 %d somebody"
                                .formatted(now, now, now + 20_000));
    }

    private NewEvent arriving(String id, EventHead head, String body) {
        byte[] bytes = body.getBytes(UTF_8);
        return new NewEvent(
                id, "stripe", head, clock.instant(), "{\"of\":\"" + id + "\"}", bytes, bytes);
    }

    private List<String> rows() throws Exception {
        return database.read(tx ->
                tx.query(
                        "SELECT * FROM webhook_inbox ORDER BY id",
                        row ->
                                String.join(
                                        " ",
                                        row.text("id"),
                                        row.text("source"),
                                        row.text("external_id"),
                                        row.text("event_type"),
                                        row.optionalText("object_type").orElse("-"),
                                        row.optionalText("object_id").orElse("-"),
                                        row.optionalText("api_version").orElse("-"),
                                        row.optionalFlag("livemode")
                                                .map(Object::toString)
                                                .orElse("-"),
                                        "" + row.number("event_created"),
                                        "" + row.number("received_at"),
                                        row.text("headers_json"),
                                        new String(row.bytes("body_sha256"), UTF_8),
                                        row.text("state"),
                                        "" + row.number("attempts"),
                                        "" + row.number("next_at"),
                                        row.optionalText("lease_owner").orElse("-"))));
    }
}
