package dev.hearth.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.payment.Shop.Got;
import dev.hearth.testing.StripeStandIn.Fault;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// How subscriptions begin, go on, change and end.
abstract class SubscriptionsContract extends ShopContract {
    private static final String PATH = "/payments/subscriptions";
    private static final String MONTHLY =
            "{\"order_ref\":\"S-1\",\"amount\":900,\"currency\":\"eur\",\"every\":\"month\"}";

    private String begin() throws Exception {
        Got made = shop.post(PATH, "k1", MONTHLY);
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.text("url")).isNotEmpty();
        assertThat(made.text("status")).isEqualTo("pending");
        return made.text("subscription_id");
    }

    private String active() throws Exception {
        String id = begin();
        buyerPays(VISA);
        shop.deliverAll();
        return id;
    }

    private void buyerPays(String card) {
        shop.stripe.with(world -> {
            world.payCheckout((String) world.all("checkout.session").getLast().get("id"), card);
            return true;
        });
    }

    private String renew(String card) {
        return shop.stripe.with(
                world -> world.renew((String) world.all("subscription").getLast().get("id"), card));
    }

    private Got show(String id) throws Exception {
        return shop.get(PATH + "/" + id);
    }

    @Test
    void it_begins_on_stripes_page_and_its_first_invoice_is_in_the_books() throws Exception {
        String id = active();

        Got shown = show(id);
        assertThat(shown.text("status")).isEqualTo("active");
        assertThat(shown.text("paid_until")).startsWith("2026-12-21");
        assertThat(shown.json().has("url")).isFalse();
        assertThat(shown.json().path("invoices").get(0).path("status").asString())
                .isEqualTo("paid");
        assertThat(balances()).containsEntry("revenue eur", -900L).containsKey("fees eur");
        assertThat(shop.inboxStates()).doesNotContain("dead");
    }

    @Test
    void invoices_that_come_before_it_is_known_to_have_begun_are_in_the_books() throws Exception {
        String id = begin();
        buyerPays(VISA);
        shop.clock.advance(Duration.ofDays(30));
        renew(VISA);
        List<String> events = shop.stripe.with(world -> world.events());
        List<String> ofInvoices =
                events.stream().filter(event -> event.contains("\"invoice.")).toList();
        assertThat(ofInvoices).hasSizeGreaterThan(2);

        shop.deliver(ofInvoices);
        shop.deliver(events);

        assertThat(show(id).text("status")).isEqualTo("active");
        assertThat(show(id).json().path("invoices")).hasSize(2);
        assertThat(balances()).containsEntry("revenue eur", -1800L);
        assertThat(shop.inboxStates()).doesNotContain("dead");
    }

    @Test
    void each_period_leaves_an_invoice_and_a_failed_one_is_seen() throws Exception {
        String id = active();
        shop.clock.advance(Duration.ofDays(30));
        renew(VISA);
        shop.deliverAll();
        assertThat(show(id).json().path("invoices")).hasSize(2);
        assertThat(balances()).containsEntry("revenue eur", -1800L);

        shop.clock.advance(Duration.ofDays(30));
        String unpaid = renew(DECLINED);
        shop.deliverAll();
        assertThat(show(id).text("status")).isEqualTo("past_due");
        shop.stripe.with(world -> {
            world.payInvoice(unpaid, VISA);
            world.find(world.all("subscription").getLast().get("id").toString())
                    .put("status", "active");
            return true;
        });
        shop.clock.advance(Duration.ofSeconds(1));
        shop.payments.reconcile(shop.clock.instant().minusSeconds(60), shop.inbox);
        shop.deliverAll();
        assertThat(show(id).text("status")).isEqualTo("active");
        assertThat(balances()).containsEntry("revenue eur", -2700L);
    }

    @Test
    void a_refund_of_a_period_is_a_refund_of_its_payment() throws Exception {
        active();
        Payment payment = shop.records.list(PaymentFilter.ALL).payments().getFirst();
        assertThat(payment.invoiceId()).isPresent();
        assertThat(payment.orderRef()).startsWith("S-1/in_");

        Got refunded = shop.post("/payments/" + payment.id() + "/refunds", "r1", "");

        assertThat(refunded.status()).isEqualTo(201);
        assertThat(balances()).containsEntry("refunds eur", 900L);
    }

    @Test
    void its_quantity_and_its_price_can_be_changed() throws Exception {
        String id = active();
        Got more = shop.post(PATH + "/" + id + "/change", "c1", "{\"quantity\":3}");
        assertThat(more.status()).isEqualTo(200);
        assertThat(more.number("quantity")).isEqualTo(3);

        String body = "{\"amount\":1200,\"currency\":\"eur\",\"proration\":\"none\"}";
        Got other = shop.post(PATH + "/" + id + "/change", "c2", body);
        assertThat(other.number("amount")).isEqualTo(1200);
        assertThat(shop.post(PATH + "/" + id + "/change", "c2", body).json())
                .isEqualTo(other.json());
        shop.deliverAll();
        renew(VISA);
        shop.deliverAll();
        assertThat(show(id).number("quantity")).isOne();
        assertThat(balances()).containsEntry("revenue eur", -2100L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"quantity\":0} | /quantity",
                "{\"quantity\":100000000} | /quantity",
                "{\"amount\":5,\"currency\":\"usd\"} | /currency",
                "{\"proration\":\"some\"} | /proration",
                "{\"amount\":0,\"currency\":\"eur\"} | /amount"
            })
    void a_change_that_cannot_be_names_its_field(String body, String pointer) throws Exception {
        String id = active();
        Got got = shop.post(PATH + "/" + id + "/change", "c1", body);
        assertThat(got.status()).isEqualTo(422);
        assertThat(got.json().path("errors").get(0).path("pointer").asString()).isEqualTo(pointer);
    }

    @Test
    void it_ends_with_its_period_or_at_once() throws Exception {
        String id = active();
        Got ending = shop.post(PATH + "/" + id + "/cancel", "", "");
        assertThat(ending.status()).isEqualTo(200);
        assertThat(ending.text("status")).isEqualTo("active");
        assertThat(ending.json().path("ends_then").asBoolean()).isTrue();

        Got ended = shop.post(PATH + "/" + id + "/cancel", "", "{\"at\":\"now\"}");
        assertThat(ended.text("status")).isEqualTo("canceled");
        assertThat(shop.post(PATH + "/" + id + "/cancel", "", "").status()).isEqualTo(409);
        assertThat(shop.post(PATH + "/" + id + "/cancel", "", "{\"at\":\"once\"}").status())
                .isEqualTo(422);
        shop.deliverAll();
        assertThat(show(id).text("status")).isEqualTo("canceled");
        assertThat(shop.post(PATH, "k2", MONTHLY).status()).as("anew").isEqualTo(201);
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"RESET_BEFORE", "RESET_AFTER", "TOO_MANY", "ERROR_BEFORE", "ERROR_AFTER"})
    void what_got_no_answer_is_done_once(Fault fault) throws Exception {
        shop.stripe.next(fault);
        Got first = shop.post(PATH, "k1", MONTHLY);
        assertThat(first.status()).isEqualTo(202);
        assertThat(first.headers().first("Location"))
                .hasValue(PATH + "/" + first.text("subscription_id"));
        shop.recoverAll();
        Got again = shop.post(PATH, "k1", MONTHLY);
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.text("subscription_id")).isEqualTo(first.text("subscription_id"));
        assertThat(stripeHas("checkout.session")).isOne();
        String id = first.text("subscription_id");
        buyerPays(VISA);
        shop.deliverAll();

        shop.stripe.next(fault);
        assertThat(shop.post(PATH + "/" + id + "/change", "c1", "{\"quantity\":2}").status())
                .isEqualTo(202);
        shop.recoverAll();
        assertThat(show(id).number("quantity")).isEqualTo(2);

        shop.stripe.next(fault);
        assertThat(shop.post(PATH + "/" + id + "/cancel", "", "{\"at\":\"now\"}").status())
                .as("the JDK may have sent the DELETE again by itself")
                .isIn(200, 202);
        shop.recoverAll();
        assertThat(show(id).text("status")).isEqualTo("canceled");
    }

    @Test
    void one_order_has_one_subscription_and_others_do_not_see_it() throws Exception {
        String id = begin();
        assertThat(shop.post(PATH, "k1", MONTHLY).status()).isEqualTo(201);
        assertThat(shop.post(PATH, "k2", MONTHLY).status()).isEqualTo(409);
        assertThat(shop.post(PATH, "", MONTHLY).status()).isEqualTo(400);
        assertThat(shop.post(PATH, "k3", MONTHLY.replace("month", "moon")).status()).isEqualTo(422);
        assertThat(shop.post(PATH + "/" + id + "/cancel", "", "").status())
                .as("nothing runs yet")
                .isEqualTo(409);
        assertThat(shop.get(PATH + "/nothing").status()).isEqualTo(404);
        assertThat(stripeHas("checkout.session")).isOne();
    }

    @Test
    void whatever_the_order_of_its_events_the_end_is_the_same() throws Exception {
        String id = begin();
        buyerPays(VISA);
        renew(VISA);
        var events = shop.stripe.with(world -> world.events());
        shop.deliver(events.reversed());
        shop.deliver(events);

        assertThat(show(id).text("status")).isEqualTo("active");
        assertThat(show(id).json().path("invoices")).hasSize(2);
        assertThat(balances()).containsEntry("revenue eur", -1800L);
        assertThat(shop.inboxStates()).doesNotContain("dead");
    }

    @Test
    void a_change_whose_outcome_is_not_known_does_not_undo_the_next_one() throws Exception {
        String id = active();
        String path = PATH + "/" + id + "/change";
        shop.stripe.next(Fault.RESET_BEFORE);
        assertThat(shop.post(path, "c1", "{\"quantity\":2}").status()).isEqualTo(202);

        Got next = shop.post(path, "c2", "{\"quantity\":5}");

        assertThat(next.status()).isEqualTo(409);
        assertThat(next.text("type")).endsWith("request-in-progress");
        shop.recoverAll();
        assertThat(shop.post(path, "c1", "{\"quantity\":2}").status()).isEqualTo(200);
        Got later = shop.post(path, "c2", "{\"quantity\":5}");
        assertThat(later.status()).isEqualTo(200);
        assertThat(later.number("quantity")).isEqualTo(5);
        shop.recoverAll();
        shop.deliverAll();
        assertThat(show(id).number("quantity")).isEqualTo(5);
    }
}
