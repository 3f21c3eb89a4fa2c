package dev.hearth.operator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.Await;
import dev.hearth.testing.Axe;
import dev.hearth.testing.HearthProcess;
import dev.hearth.testing.StripeStandIn;
import dev.hearth.testing.StripeWebhook;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What people do on the site, and what they see. Pictures of every page are left in `target/screenshots`.
class OperatorBrowserIT extends OperatorBrowserFixture {
    private static final Path PICTURES = Path.of("target/screenshots");
    private static final String MARKUP = "<img src=x onerror=alert(1)>\"'<script>alert(2)</script>";

    @Test
    void an_operator_signs_in_watches_searches_replays_refunds_and_it_is_written_down()
            throws Exception {
        String payment = pay("order-7");
        browser.go(page("/events"));
        assertThat(browser.path()).isEqualTo("/operator/sign-in");
        browser.type("name", "anna").type("password", "wrong password").click("button.main");
        assertThat(browser.text()).contains("do not belong together");
        browser.type("name", "anna").type("password", PASSWORD).click("button.main");
        Await.until("back where it began", () -> browser.path().equals("/operator/events"));

        receive(StripeWebhook.event("evt_watched"));
        Await.until("it arrives by itself", () -> browser.text().contains("evt_watched"));

        browser.type("object", "pi_evt_watched").click("form.search button");
        Await.until("it is found", () -> browser.all("tbody tr").size() == 1);
        browser.follow("payment_intent.succeeded");
        Await.until("it is open", () -> browser.text().contains("Download"));
        Await.until(
                "it is done",
                () -> {
                    browser.go(URI.create(page("").resolve(browser.path()).toString()));
                    return !browser.all("form[action$='/events/replay']").isEmpty();
                });
        browser.click("form[action$='/events/replay'] button");
        Await.until("replayed", () -> browser.text().contains("Put back into the queue."));

        browser.go(page("/payments")).follow("order-7");
        Await.until("the payment", () -> browser.text().contains("12.50 EUR"));
        browser.type("amount", "99.99999").click("form[action$='/refund'] button");
        Await.until("the mistake", () -> browser.text().contains("An amount such as 12.50"));
        browser.type("amount", "2.50").click("form[action$='/refund'] button");
        Await.until("refunded", () -> browser.text().contains("partially refunded"));
        assertThat(browser.text()).contains("The refund was asked for.");
        long refunds = stripe.with(objects -> (long) objects.all("refund").size());
        assertThat(refunds).isOne();

        HttpResponse<String> metrics =
                http.send(
                        HttpRequest.newBuilder(nginx.uri("/metrics")).build(),
                        BodyHandlers.ofString());
        assertThat(metrics.body())
                .containsPattern("hearth_stripe_calls_total\\{outcome=\"done\"} [1-9]");

        browser.go(page("/audit"));
        assertThat(browser.text())
                .contains("refund 2.50 EUR", "payment " + payment, "replay", "sign in", "refused");
        assertThat(browser.complaints()).noneMatch(line -> line.contains("Content Security"));
    }

    @Test
    void a_page_that_is_out_of_date_changes_nothing_and_shows_what_is_now() throws Exception {
        String payment = pay("order-8");
        signIn("anna");
        browser.go(page("/payments/" + payment));
        HttpResponse<String> meanwhile = refundByShop(payment);
        assertThat(meanwhile.statusCode()).as(meanwhile.body()).isEqualTo(201);
        assertThat(browser.text()).doesNotContain("partially refunded");
        browser.type("amount", "1.00").click("form[action$='/refund'] button");

        Await.until("refused", () -> browser.text().contains("has changed since you opened"));
        assertThat(browser.text())
                .contains("partially refunded", "2.50 EUR", "nothing for all of 10.00 EUR");
        long refunds = stripe.with(objects -> (long) objects.all("refund").size());
        assertThat(refunds).isOne(); // the shop's
        browser.type("amount", "1.00").click("form[action$='/refund'] button");
        Await.until("as it is now", () -> browser.text().contains("The refund was asked for."));
    }

    private HttpResponse<String> refundByShop(String payment) throws Exception {
        return http.send(
                HttpRequest.newBuilder(nginx.uri("/payments/" + payment + "/refunds"))
                        .header("Authorization", "Bearer " + CALLER_KEY)
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", "refund-of-the-shop")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"amount\":250}"))
                        .build(),
                BodyHandlers.ofString());
    }

    @Test
    void a_viewer_sees_no_button_and_cannot_act_with_a_form_of_their_own() throws Exception {
        receive(StripeWebhook.event("evt_1"));
        signIn("viktor");
        browser.go(page("/events"));
        assertThat(browser.all("[formaction], [data-ask]")).isEmpty();

        Object status =
                browser.runLater(
                        """
                        const done = arguments[0];
                        const token = document.querySelector('[name=token]').value;
                        fetch('/operator/events/replay', { method: 'POST',
                            headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
                            body: 'id=x&token=' + encodeURIComponent(token) }).then(a => done(a.status));
                        """);
        assertThat(status).isEqualTo(403L);
    }

    @Test
    void every_page_is_usable_by_everyone_small_and_shows_markup_as_text() throws Exception {
        Axe axe = Axe.load();
        String payment = pay("order-9");
        plantMarkup();
        browser.go(page("/sign-in"));
        look(axe, "sign-in");
        browser.type("name", MARKUP).type("password", MARKUP).click("button.main");
        signIn("anna");
        Map<String, String> pages = new TreeMap<>(PAGES);
        pages.put("payment", "/payments/" + payment);
        pages.put("event", "/events/" + idOf("SELECT id FROM webhook_inbox WHERE state = 'dead'"));
        pages.put("message", "/outgoing/msg_planted");

        for (Map.Entry<String, String> each : pages.entrySet()) {
            browser.go(page(each.getValue()));
            if (each.getKey().equals("overview")) {
                Await.until("live", () -> !browser.all(".live.on").isEmpty());
            }
            look(axe, each.getKey());
            assertThat(browser.all("img[src=x]")).as(each.getKey()).isEmpty();
            assertThat(browser.run("return document.documentElement.outerHTML.length"))
                    .as(each.getKey())
                    .isInstanceOfSatisfying(
                            Long.class, size -> assertThat(size).isLessThan(100_000));
            for (String secret : List.of(HearthProcess.SECRET, StripeStandIn.KEY, CALLER_KEY)) {
                assertThat(String.valueOf(browser.run("return document.documentElement.outerHTML")))
                        .as(each.getKey())
                        .doesNotContain(secret);
            }
        }
        for (String withMarkup :
                List.of("events", "event", "dead", "outgoing", "message", "jobs", "audit")) {
            browser.go(page(pages.get(withMarkup)));
            assertThat(browser.text()).as(withMarkup).contains("<img src=x onerror=alert(1)>");
        }
        assertThat(hearth.output()).doesNotContain(PASSWORD, CALLER_KEY, HearthProcess.SECRET);
    }

    /// Looks at the page in three ways, keeps the pictures, and lets axe look too.
    private void look(Axe axe, String name) throws Exception {
        browser.wide(1280).inTheDark(false).picture(PICTURES.resolve(name + "-light.png"));
        assertThat(axe.seriousFindings(browser)).as(name + " in the light").isEmpty();
        browser.inTheDark(true).picture(PICTURES.resolve(name + "-dark.png"));
        assertThat(axe.seriousFindings(browser)).as(name + " in the dark").isEmpty();
        browser.inTheDark(false).wide(390).picture(PICTURES.resolve(name + "-phone.png"));
        assertThat(axe.seriousFindings(browser)).as(name + " on a phone").isEmpty();
        assertThat(browser.run("return document.documentElement.scrollWidth"))
                .as(name + " fits a phone")
                .isEqualTo(390L);
        browser.wide(1280);
        assertThat(browser.complaints())
                .as(name)
                .noneMatch(line -> line.contains("Content Security") || line.contains("Error"));
    }

    /// Markup in every field that comes from outside.
    private void plantMarkup() throws Exception {
        byte[] event =
                """
                {"id":%1$s,"object":"event","created":%2$d,"livemode":false,"type":%1$s,
                 "data":{"object":{"id":%1$s,"object":%1$s,"text":%1$s}}}\
                """
                        .formatted(JSON.writeValueAsString(MARKUP), Instant.now().getEpochSecond())
                        .getBytes(UTF_8);
        receive(event);
        Await.until(
                "the event is over",
                () ->
                        !idOf("SELECT id FROM webhook_inbox WHERE next_at IS NULL AND event_type LIKE '<img%'")
                                .isEmpty());
        database.write(tx -> {
            tx.update(
                    "UPDATE webhook_inbox SET state = 'dead', last_error = ?, headers_json = ? WHERE event_type LIKE '<img%'",
                    MARKUP, JSON.writeValueAsString(Map.of(MARKUP, MARKUP)));
            tx.update(
                    "INSERT INTO outgoing_webhook (id, endpoint, event_type, body, created_at, state, last_error)"
                            + " VALUES ('msg_planted', ?, ?, ?, ?, 'dead', ?)",
                    MARKUP,
                    MARKUP,
                    MARKUP.getBytes(UTF_8),
                    Instant.now(),
                    MARKUP);
            return tx.update(
                    "INSERT INTO job_failure (name, instance, attempts, failed_at, error, dead)"
                            + " VALUES (?, ?, 3, ?, ?, ?)",
                    MARKUP,
                    MARKUP,
                    Instant.now(),
                    MARKUP,
                    true);
        });
    }
}
