package dev.hearth.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.Await;
import dev.hearth.testing.HearthProcess;
import dev.hearth.testing.StripeStandIn;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `hearth payments`, beside a running server and without one.
class PaymentsCommandIT {
    private static final String KEY = "planted-caller-key";

    @TempDir Path folder;
    private final StripeStandIn stripe = StripeStandIn.start(InstantSource.system());
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        http.close();
        stripe.close();
    }

    private HearthProcess.Plan plan() {
        return HearthProcess.in(folder)
                .environment("HEARTH_STRIPE_API_KEY", StripeStandIn.KEY)
                .environment("HEARTH_STRIPE_API_BASE", stripe.base())
                .environment("HEARTH_PAYMENTS_API_KEY", KEY);
    }

    private HearthProcess.Result payments(String... arguments) throws Exception {
        String[] all = new String[arguments.length + 1];
        all[0] = "payments";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return plan().run(all);
    }

    private JsonNode post(HearthProcess hearth, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(hearth.uri(path))
                        .header("Authorization", "Bearer " + KEY)
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", "k-" + path + body.hashCode())
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build();
        return JsonMapper.builder()
                .build()
                .readTree(http.send(request, BodyHandlers.ofString()).body());
    }

    private void pay(String paymentId) {
        stripe.with(world -> {
            world.pay((String) world.intentOf(paymentId).get("id"), "4242424242424242");
            return true;
        });
    }

    @Test
    void a_payment_is_found_refunded_and_exported() throws Exception {
        try (HearthProcess hearth = plan().start()) {
            String id =
                    post(
                                    hearth,
                                    "/payments/intents",
                                    "{\"order_ref\":\"A-1\",\"amount\":1250,\"currency\":\"eur\"}")
                            .path("payment_id")
                            .asString();
            pay(id);
            HearthProcess.Result compared = payments("reconcile", "--hours", "1");
            assertThat(compared.exitCode()).as(compared.output()).isEqualTo(1);
            assertThat(compared.output()).contains("fetched now: evt_");
            Await.until("paid", () -> payments("list").output().contains("paid"));

            HearthProcess.Result refunded = payments("refund", "A-1", "--amount", "250");
            assertThat(refunded.output()).contains("A-1", "is partially_refunded now");
            assertThat(refunded.exitCode()).isZero();
            HearthProcess.Result tooMuch = payments("refund", "A-1", "--amount", "1001");
            assertThat(tooMuch.exitCode()).isEqualTo(1);
            assertThat(tooMuch.output()).contains("Less than this is left to refund.");

            String shown = payments("show", id).output();
            assertThat(shown).contains("12.50 EUR", "Refundable   10.00 EUR", "operator ");
            assertThat(shown).doesNotContain("_secret_");
            String csv = payments("journal", "--csv", "--from", "2020-01-01").output();
            assertThat(csv)
                    .startsWith("booked_at,posting,source,")
                    .contains("\"A-1\",revenue,EUR,-12.50", "refunds,EUR,2.50");
            assertThat(payments("journal", "--from", "2020-01-01", "--to", "2020-01-02").output())
                    .doesNotContain("A-1");
            assertThat(payments("list", "--json", "--status", "partially_refunded").output())
                    .contains("\"order_ref\":\"A-1\"", "\"refunded\":250")
                    .doesNotContain("_secret_");
            assertThat(hearth.output() + shown + csv).doesNotContain("planted", StripeStandIn.KEY);
        }
    }

    @Test
    void what_is_asked_for_while_nothing_runs_is_done_by_the_next_server() throws Exception {
        String id;
        try (HearthProcess hearth = plan().start()) {
            id =
                    post(
                                    hearth,
                                    "/payments/intents",
                                    "{\"order_ref\":\"A-1\",\"amount\":1250,\"currency\":\"eur\",\"capture\":\"manual\"}")
                            .path("payment_id")
                            .asString();
            pay(id);
            payments("reconcile");
            Await.until("held", () -> payments("list").output().contains("authorized"));
            hearth.stop();
        }
        int calls = stripe.calls().size();
        HearthProcess.Result left = payments("capture", "A-1");
        assertThat(left.exitCode()).isEqualTo(ExitCode.TEMPORARY.code());
        assertThat(left.output()).contains("as soon as it runs");
        assertThat(stripe.calls()).hasSize(calls);

        try (HearthProcess _ = plan().start()) {
            Await.until("captured", () -> payments("list").output().contains("  paid  "));
        }
    }

    @Test
    void subscriptions_and_invoices_are_found_changed_and_ended() throws Exception {
        try (HearthProcess hearth = plan().start()) {
            String subscription =
                    post(
                                    hearth,
                                    "/payments/subscriptions",
                                    "{\"order_ref\":\"S-1\",\"amount\":900,\"currency\":\"eur\"}")
                            .path("subscription_id")
                            .asString();
            stripe.with(world -> {
                world.payCheckout(
                        (String) world.all("checkout.session").getFirst().get("id"),
                        "4242424242424242");
                return true;
            });
            post(
                    hearth,
                    "/payments/invoices",
                    "{\"order_ref\":\"B-1\",\"amount\":500,\"currency\":\"eur\",\"email\":\"a@example.com\"}");
            payments("reconcile", "--hours", "1");
            Await.until(
                    "active", () -> payments("subscriptions", "list").output().contains("active"));

            assertThat(payments("subscriptions", "change", "S-1", "--quantity", "2").output())
                    .contains("18.00 EUR/month", "change_subscription");
            HearthProcess.Result ended =
                    payments("subscriptions", "cancel", subscription, "--now", "--json");
            assertThat(ended.output()).contains("\"state\":\"canceled\"", "\"quantity\":2");
            assertThat(ended.exitCode()).isZero();
            assertThat(payments("invoices", "list", "--state", "open").output())
                    .contains("B-1")
                    .doesNotContain("S-1");
            assertThat(payments("invoices", "remind", "B-1", "--json").output())
                    .contains("\"reminders\":1");
            assertThat(payments("invoices", "cancel", "B-1").output()).contains("void");
            HearthProcess.Result twice = payments("invoices", "cancel", "B-1");
            assertThat(twice.exitCode()).isEqualTo(1);
            assertThat(twice.output()).contains("cannot be taken back");
            assertThat(payments("invoices", "show", "B-1").output())
                    .contains("5.00 EUR", "void_invoice")
                    .doesNotContain("a@example.com");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "list --limit 0, 64, 1 to 1000",
        "invoices list --limit 0, 64, 1 to 1000",
        "invoices show nothing, 1, there is no invoice",
        "subscriptions cancel nothing, 1, there is no subscription",
        "show nothing, 1, there is no payment",
        "journal --from soon, 64, a date such as",
        "journal --from 2026-02-01 --to 2026-01-01, 64, --from comes before --to",
        "reconcile --hours 0, 64, 1 to 8760",
        "refund nothing, 1, there is no payment"
    })
    void a_mistake_is_one_sentence(String arguments, int code, String sentence) throws Exception {
        try (HearthProcess hearth = plan().start()) {
            hearth.stop();
        }
        HearthProcess.Result result = payments(arguments.split(" ", -1));

        assertThat(result.exitCode()).isEqualTo(code);
        assertThat(result.output()).contains("hearth: ", sentence).doesNotContain("\tat ");
    }

    @Test
    void a_stripe_that_does_not_answer_is_one_sentence() throws Exception {
        try (HearthProcess hearth = plan().start()) {
            hearth.stop();
        }
        stripe.close();

        HearthProcess.Result result = payments("reconcile");

        assertThat(result.exitCode()).isEqualTo(ExitCode.UNAVAILABLE.code());
        assertThat(result.output())
                .contains("hearth: nothing is compared", "GET /v1/events has no answer")
                .doesNotContain("    at ");
    }

    @Test
    void prices_of_the_catalogue_are_what_counts() throws Exception {
        Path config = folder.resolve("shop.toml");
        Files.writeString(
                config,
                """
                [catalog.cake]
                amount = 1250
                currency = "eur"
                description = "A cake"
                """);
        try (HearthProcess hearth = plan().options("--config", config.toString()).start()) {
            JsonNode made =
                    post(
                            hearth,
                            "/payments/intents",
                            "{\"items\":[{\"sku\":\"cake\",\"quantity\":3}]}");
            assertThat(made.path("amount").asInt()).isEqualTo(3750);
            JsonNode own = post(hearth, "/payments/intents", "{\"amount\":1,\"currency\":\"eur\"}");
            assertThat(own.path("errors").get(0).path("pointer").asString()).isEqualTo("/amount");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "currency = \"eur\" | has no \"amount\"",
                "amount = 0; currency = \"eur\" | chargeable",
                "amount = 5; currency = \"doubloon\" | a currency such as",
                "amount = 5 | a currency such as",
                "price = 5 | unknown key"
            })
    void an_article_without_a_price_ends_the_start(String article, String sentence)
            throws Exception {
        Path config = folder.resolve("shop.toml");
        Files.writeString(config, "[catalog.cake]\n" + article.replace(";", "\n").strip() + "\n");

        HearthProcess.Result result = plan().run("serve", "--config", config.toString());

        assertThat(result.exitCode()).isEqualTo(ExitCode.CONFIG.code());
        assertThat(result.output()).contains("catalog.cake", sentence.strip());
    }
}
