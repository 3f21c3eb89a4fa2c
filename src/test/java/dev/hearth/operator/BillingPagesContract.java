package dev.hearth.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.http.Response;
import dev.hearth.http.Responses;
import dev.hearth.payment.Payments;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Subscriptions and invoices on the operator's site.
abstract class BillingPagesContract extends OperatorSiteFixture {

    /// Nobody calls Stripe here: what is asked for is left to a server.
    @Override
    Optional<Payments> payments() {
        return Optional.of(Payments.beside(database, database.clock()));
    }

    @BeforeEach
    void fill() throws Exception {
        database.write(tx ->
                tx.update(
                        """
                        INSERT INTO subscription (id, principal, order_ref, name, amount, currency, quantity, period,
                                                  state, paid_until, stripe_subscription, stripe_item, created_at)
                        VALUES ('s1', 'shop', '<b>S-1</b>', 'Bread', 900, 'eur', 2, 'month', 'active',
                                1798761600000, 'sub_1', 'si_1', 1796083200000)
                        """));
        for (int i = 1; i <= 60; i++) {
            String id = "i%02d".formatted(i);
            database.write(tx ->
                    tx.update(
                            """
                            INSERT INTO invoice (id, principal, order_ref, subscription_id, amount, currency, state,
                                                 lines_json, stripe_invoice, url, created_at)
                            VALUES (?, 'shop', ?, 's1', 1800, 'eur', 'open', '{}', ?, 'https://pay.example/i',
                                    1796083200000)
                            """,
                            id,
                            "order " + id,
                            "in_" + id));
        }
    }

    @Test
    void they_are_listed_and_shown_and_what_shops_named_is_text() throws Exception {
        add("anna", Role.OPERATOR);
        String cookie = signIn("anna");

        String list = Responses.text(get("/operator/payments/subscriptions", cookie));
        assertThat(list)
                .contains("&lt;b&gt;S-1&lt;/b&gt;", "18.00 EUR", "2027-01-01")
                .doesNotContain("<b>");
        assertThat(Responses.text(get("/operator/payments/subscriptions?state=canceled", cookie)))
                .contains("Nothing fits this search.");
        String shown = Responses.text(get("/operator/payments/subscriptions/s1", cookie));
        assertThat(shown).contains("2 × Bread", "sub_1", "Cancel at once", "order i60");

        String invoices = Responses.text(get("/operator/payments/invoices", cookie));
        assertThat(invoices).contains("order i60", "after=i11").doesNotContain("order i10");
        assertThat(Responses.text(get("/operator/payments/invoices?after=i11", cookie)))
                .contains("order i10");
        assertThat(Responses.text(get("/operator/payments/invoices?text=in_i07", cookie)))
                .contains("order i07")
                .doesNotContain("order i08");
        String invoice = Responses.text(get("/operator/payments/invoices/i01", cookie));
        assertThat(invoice).contains("order i01", "Remind", "Take back", "subscriptions/s1");
        for (String page : List.of(list, shown, invoices, invoice)) {
            assertThat(page.length()).isLessThan(100_000);
        }
        for (String path : List.of("/subscriptions/x", "/invoices/x")) {
            assertThat(get("/operator/payments" + path, cookie).status()).isEqualTo(404);
        }
    }

    @Test
    void what_an_operator_asks_for_is_written_down_and_audited() throws Exception {
        add("anna", Role.OPERATOR);
        String cookie = signIn("anna");
        Map<String, String> form = Map.of("token", tokenOf(cookie));

        for (String path :
                List.of(
                        "/invoices/i01/remind",
                        "/invoices/i02/cancel",
                        "/subscriptions/s1/cancel")) {
            Response answer = post("/operator/payments" + path, cookie, form);
            assertThat(answer.headers().first("Location").orElseThrow())
                    .as(path)
                    .endsWith("?done=asked");
        }
        Response twice = post("/operator/payments/invoices/i02/cancel", cookie, form);
        assertThat(twice.headers().first("Location").orElseThrow()).endsWith("?done=asked");
        database.write(tx -> tx.update("UPDATE invoice SET state = 'paid' WHERE id = 'i03'"));
        Response late = post("/operator/payments/invoices/i03/cancel", cookie, form);

        assertThat(late.status()).isEqualTo(409);
        assertThat(Responses.text(late)).contains("role=\"alert\"", "cannot be taken back");
        List<String> asked =
                database.read(tx ->
                        tx.query(
                                "SELECT purpose FROM api_call ORDER BY purpose",
                                row -> row.text("purpose")));
        assertThat(asked).containsExactly("end_subscription", "remind", "void_invoice");
        assertThat(Responses.text(get("/operator/audit", cookie)))
                .contains("invoice i01", "subscription s1", "asked, no answer yet", "refused: ");
    }

    @Test
    void a_viewer_looks_and_does_not_act() throws Exception {
        add("viktor", Role.VIEWER);
        String cookie = signIn("viktor");
        Map<String, String> form = Map.of("token", tokenOf(cookie));

        assertThat(Responses.text(get("/operator/payments/invoices/i01", cookie)))
                .contains("order i01")
                .doesNotContain("Take back");
        for (String path :
                List.of(
                        "/invoices/i01/remind",
                        "/invoices/i01/cancel",
                        "/subscriptions/s1/cancel",
                        "/subscriptions/s1/cancel-now")) {
            assertThat(post("/operator/payments" + path, cookie, form).status())
                    .as(path)
                    .isEqualTo(403);
        }
    }
}
