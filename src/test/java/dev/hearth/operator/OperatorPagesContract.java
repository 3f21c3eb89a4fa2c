package dev.hearth.operator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.http.Response;
import dev.hearth.http.Responses;
import dev.hearth.webhook.DeadGroup;
import dev.hearth.webhook.DeadLetters;
import dev.hearth.webhook.EventHead;
import dev.hearth.webhook.InboxState;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What pages show and what forms may do, on one kind of database.
abstract class OperatorPagesContract extends OperatorSiteFixture {
    private static final Pattern LINK = Pattern.compile("href=\"([^\"?]+)\"");

    @Test
    void a_form_needs_the_token_of_its_own_session_and_a_page_of_this_site() throws Exception {
        add("anna", Role.OPERATOR);
        add("bert", Role.OPERATOR);
        String anna = signIn("anna");
        String token = tokenOf(anna);
        String foreign = tokenOf(signIn("bert"));
        Map<String, String> wish = Map.of("level", "debug");
        String target = "/operator/configuration/log-level";

        assertThat(post(target, anna, wish).status()).isEqualTo(403);
        assertThat(post(target, anna, Map.of("level", "debug", "token", foreign)).status())
                .isEqualTo(403);
        assertThat(post(target, "", Map.of("level", "debug", "token", token)).status())
                .isEqualTo(403);
        Map<String, String> whole = Map.of("level", "debug", "token", token);
        assertThat(
                        site.handle(
                                        form(target, anna, whole)
                                                .with("Sec-Fetch-Site", "cross-site")
                                                .request())
                                .status())
                .isEqualTo(403);
        assertThat(level.get()).isEqualTo("info");

        assertThat(post(target, anna, whole).status()).isEqualTo(303);
        assertThat(level.get()).isEqualTo("debug");
    }

    @Test
    void a_viewer_looks_and_does_not_act_but_may_leave() throws Exception {
        add("viktor", Role.VIEWER);
        String cookie = signIn("viktor");
        String token = tokenOf(cookie);

        for (String target :
                List.of(
                        "/operator/events/replay",
                        "/operator/events/ignore",
                        "/operator/dead/replay",
                        "/operator/payments/x/refund",
                        "/operator/payments/x/capture",
                        "/operator/payments/x/cancel",
                        "/operator/outgoing/retry",
                        "/operator/jobs/run",
                        "/operator/jobs/revive",
                        "/operator/configuration/log-level")) {
            assertThat(post(target, cookie, Map.of("token", token, "id", "x")).status())
                    .as(target)
                    .isEqualTo(403);
        }
        assertThat(post("/operator/sign-out", cookie, Map.of("token", token)).status())
                .isEqualTo(303);
        assertThat(get("/operator", cookie).status()).isEqualTo(303);
    }

    @Test
    void a_row_of_the_dead_is_put_back_as_it_was_shown_and_no_other() throws Exception {
        add("anna", Role.OPERATOR);
        String cookie = signIn("anna");
        for (String id : List.of("evt_1", "evt_2", "evt_3")) {
            inbox.bring("stripe", EventHead.of(id, "t"), "{}".getBytes(UTF_8));
            String error = id.equals("evt_2") ? "amount differs" : "no order " + id;
            database.write(tx ->
                    tx.update(
                            "UPDATE webhook_inbox SET state = 'dead', next_at = NULL,"
                                    + " last_error = ? WHERE external_id = ?",
                            error,
                            id));
        }
        DeadGroup group = new DeadLetters(database).groups().getFirst();
        String page = Responses.text(get("/operator/dead", cookie));
        assertThat(page)
                .contains("name=\"error\" value=\"no order #\"", "Replay the 2 dead events")
                .contains("name=\"newest\" value=\"" + group.newestId() + "\"");

        Map<String, String> form =
                Map.of(
                        "token",
                        tokenOf(cookie),
                        "source",
                        "stripe",
                        "type",
                        "t",
                        "error",
                        group.error(),
                        "oldest",
                        group.oldestId(),
                        "newest",
                        group.newestId());
        assertThat(location(post("/operator/dead/replay", cookie, form))).endsWith("done=replayed");
        assertThat(location(post("/operator/dead/replay", cookie, form)))
                .endsWith("done=unchanged");
        assertThat(inbox.records().find("evt_2").orElseThrow().state()).isEqualTo(InboxState.DEAD);
        assertThat(inbox.records().find("evt_3").orElseThrow().state())
                .isEqualTo(InboxState.RECEIVED);
        assertThat(Responses.text(get("/operator/audit", cookie)))
                .contains("stripe t: no order #", "2 put back");

        Map<String, String> incomplete =
                Map.of("token", tokenOf(cookie), "source", "stripe", "type", "t");
        assertThat(post("/operator/dead/replay", cookie, incomplete).status()).isEqualTo(422);
    }

    private static String location(Response response) {
        return response.headers().first("Location").orElseThrow();
    }

    @Test
    void who_was_in_sees_what_works_without_the_database_and_nobody_else_gets_in()
            throws Exception {
        add("anna", Role.OPERATOR);
        String cookie = signIn("anna");
        assertThat(get("/operator", cookie).status()).isEqualTo(200);
        database.close();

        assertThat(get("/operator", cookie).status()).isEqualTo(200);
        assertThat(get("/operator/routes", cookie).status()).isEqualTo(200);
        assertThat(get("/operator/configuration", cookie).status()).isEqualTo(200);
        assertThat(Responses.text(get("/operator/health", cookie)))
                .contains("the database does not answer");
        assertThat(get("/operator", "another").status()).isEqualTo(303);
    }

    @Test
    void a_page_that_needs_the_lost_database_says_so_and_leads_to_what_works() throws Exception {
        add("anna", Role.OPERATOR);
        String cookie = signIn("anna");
        String token = tokenOf(cookie);
        database.close();

        for (String path :
                List.of(
                        "/events",
                        "/events/x",
                        "/dead",
                        "/payments",
                        "/payments/x",
                        "/payments/subscriptions",
                        "/payments/invoices",
                        "/outgoing",
                        "/jobs",
                        "/audit")) {
            Response lost = get("/operator" + path, cookie);
            assertThat(lost.status()).as(path).isEqualTo(503);
            assertThat(lost.headers().first("Retry-After")).as(path).contains("10");
            String page = Responses.text(lost);
            List<String> working =
                    LINK.matcher(page.substring(page.indexOf("These still work")))
                            .results()
                            .map(link -> link.group(1))
                            .toList();
            assertThat(working).as(path).hasSizeGreaterThanOrEqualTo(3);
            for (String link : working) {
                assertThat(get(link, cookie).status()).as(link).isEqualTo(200);
            }
        }
        Map<String, String> wish = Map.of("level", "debug", "token", token);
        assertThat(post("/operator/configuration/log-level", cookie, wish).status()).isEqualTo(503);
        assertThat(level.get()).isEqualTo("info"); // what cannot be written down is not done
    }

    @Test
    void what_is_typed_wrong_is_told_beside_its_field() throws Exception {
        add("anna", Role.OPERATOR);
        String cookie = signIn("anna");

        Response wrong =
                get("/operator/events?since=yesterday&state=odd&before=2026-11-21", cookie);

        assertThat(wrong.status()).isEqualTo(422);
        assertThat(Responses.text(wrong))
                .contains("id=\"since-fault\">A date such as", "There is no such state.")
                .contains("value=\"yesterday\"");
        assertThat(
                        Responses.text(
                                get("/operator/events?since=2026-11-22&before=2026-11-21", cookie)))
                .contains("This must be later than the start.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a%00", "%ff", "%e2%82", "%zz"})
    void what_is_no_text_is_told_beside_its_field_on_every_list(String typed) throws Exception {
        add("anna", Role.OPERATOR);
        String cookie = signIn("anna");
        for (String target :
                List.of(
                        "/events?source=",
                        "/events?type=",
                        "/events?object=",
                        "/events?text=",
                        "/events?since=",
                        "/events?before=",
                        "/events?state=",
                        "/outgoing?endpoint=",
                        "/outgoing?state=",
                        "/payments?text=",
                        "/payments?status=",
                        "/payments/subscriptions?text=",
                        "/payments/subscriptions?state=",
                        "/payments/invoices?text=",
                        "/payments/invoices?state=")) {
            String field = target.substring(target.indexOf('?') + 1, target.length() - 1);
            Response refused = get("/operator" + target + typed, cookie);
            assertThat(refused.status()).as(target).isEqualTo(422);
            assertThat(Responses.text(refused))
                    .as(target)
                    .contains("id=\"%s-fault\">".formatted(field))
                    .contains("aria-describedby=\"%s-fault\"".formatted(field));
        }
        assertThat(Responses.text(get("/operator/events?zone=" + typed, cookie)))
                .contains("id=\"since-fault\">This cannot be read as text.");
    }

    @Test
    void an_address_that_leads_nowhere_in_a_list_is_a_page_that_says_so() throws Exception {
        add("anna", Role.OPERATOR);
        String cookie = signIn("anna");
        for (String target :
                List.of(
                        "/events?after=",
                        "/outgoing?after=",
                        "/payments?after=",
                        "/payments/subscriptions?after=",
                        "/payments/invoices?after=",
                        "/audit?before=")) {
            Response refused = get("/operator" + target + "a%00", cookie);
            assertThat(refused.status()).as(target).isEqualTo(422);
            assertThat(Responses.text(refused)).contains("where the list goes on", "<nav");
        }
        assertThat(get("/operator/health?done=%00", cookie).status()).isEqualTo(200);
        assertThat(get("/operator/sign-in?to=%00", "").status()).isEqualTo(200);
    }

    @Test
    void what_no_database_keeps_is_refused_in_every_form() throws Exception {
        add("anna", Role.OPERATOR);
        String cookie = signIn("anna");
        for (String target : List.of("/events/replay", "/outgoing/retry", "/jobs/run")) {
            Map<String, String> form =
                    Map.of("token", tokenOf(cookie), "id", "a\0", "name", "a\0", "instance", "b");
            Response refused = post("/operator" + target, cookie, form);
            assertThat(refused.status()).as(target).isEqualTo(400);
            assertThat(Responses.text(refused)).contains("It must not hold");
        }
    }

    @Test
    void times_are_meant_in_the_zone_that_the_form_names() throws Exception {
        add("anna", Role.OPERATOR);
        String cookie = signIn("anna");
        inbox.bring("stripe", EventHead.of("evt_1", "t"), "{}".getBytes(UTF_8));
        ZoneOffset eastward = ZoneOffset.ofHours(9);
        LocalDateTime there =
                LocalDateTime.ofInstant(Instant.now().plusSeconds(60), eastward)
                        .truncatedTo(ChronoUnit.MINUTES);
        String before = "/operator/events?before=" + there.plusMinutes(1);

        assertThat(Responses.text(get(before + "&zone=%2B09:00", cookie)))
                .contains("evt_1", "data-zone-name>+09:00<");
        // A minute later there is eight hours ago somewhere else.
        assertThat(Responses.text(get(before + "&zone=%2B17:00", cookie))).doesNotContain("evt_1<");
        assertThat(Responses.text(get(before + "&zone=Nowhere/Land", cookie)))
                .contains("The time zone Nowhere/Land is not known.");
        assertThat(get("/operator/events?since=%2B1000000000-12-31T00:00:00Z", cookie).status())
                .isEqualTo(422);
    }

    @Test
    void what_a_list_does_not_know_is_told_beside_its_field() throws Exception {
        add("anna", Role.OPERATOR);
        String cookie = signIn("anna");

        Response payments = get("/operator/payments?status=odd", cookie);
        assertThat(payments.status()).isEqualTo(422);
        assertThat(Responses.text(payments))
                .contains("id=\"status-fault\">There is no such status.");
        for (String list : List.of("subscriptions", "invoices")) {
            Response billing = get("/operator/payments/" + list + "?state=odd", cookie);
            assertThat(billing.status()).as(list).isEqualTo(422);
            assertThat(Responses.text(billing))
                    .contains("id=\"state-fault\">There is no such state.");
        }
        Response outgoing = get("/operator/outgoing?state=odd", cookie);
        assertThat(outgoing.status()).isEqualTo(422);
        assertThat(Responses.text(outgoing)).contains("id=\"state-fault\">There is no such state.");
        Response level =
                post(
                        "/operator/configuration/log-level",
                        cookie,
                        Map.of("token", tokenOf(cookie), "level", "loud"));
        assertThat(level.status()).isEqualTo(422);
        assertThat(Responses.text(level))
                .contains("id=\"level-fault\">There is no such log level.");
        assertThat(this.level.get()).isEqualTo("info");
    }

    @Test
    void an_endpoint_that_is_configured_no_more_is_marked() throws Exception {
        for (String endpoint : List.of("gone", "partner")) {
            database.write(tx ->
                    tx.update(
                            "INSERT INTO outgoing_webhook (id, endpoint, event_type, body, created_at, state, next_at)"
                                    + " VALUES (?, ?, 'order.shipped', ?, ?, 'waiting', ?)",
                            "msg_" + endpoint,
                            endpoint,
                            new byte[0],
                            database.clock().instant(),
                            database.clock().instant()));
        }
        add("anna", Role.VIEWER);
        String page = Responses.text(get("/operator/outgoing", signIn("anna")));

        assertThat(page)
                .containsPattern(">gone</a>\\s*<span class=\"state failed\">not configured</span>")
                .containsPattern(">partner</a>\\s*</td>")
                .containsOnlyOnce("hearth outgoing give-up --endpoint NAME");
    }

    @Test
    void what_is_not_there_is_not_found_and_an_event_that_changed_is_not_touched()
            throws Exception {
        add("anna", Role.OPERATOR);
        String cookie = signIn("anna");
        String token = tokenOf(cookie);
        for (String path :
                List.of("/events/x", "/events/x/body", "/payments/x", "/outgoing/x", "/x")) {
            assertThat(get("/operator" + path, cookie).status()).as(path).isEqualTo(404);
        }
        inbox.bring("stripe", EventHead.of("evt_1", "t"), "{}".getBytes(UTF_8));

        Response unchanged =
                post("/operator/events/replay", cookie, Map.of("token", token, "id", "evt_1"));

        assertThat(unchanged.headers().first("Location").orElseThrow()).endsWith("done=unchanged");
        assertThat(Responses.text(get("/operator/audit", cookie)))
                .contains("event evt_1", "0 of 1 changed");
    }
}
