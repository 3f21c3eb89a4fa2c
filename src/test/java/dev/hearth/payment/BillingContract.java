package dev.hearth.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.payment.Shop.Got;
import dev.hearth.testing.StripeStandIn.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// Subscriptions and invoices for programs that listen and for those who run the shop.
abstract class BillingContract extends ShopContract {
    private final List<String> heard = new ArrayList<>();

    private String active(String order) throws Exception {
        String body =
                "{\"order_ref\":\"%s\",\"amount\":900,\"currency\":\"eur\",\"every\":\"month\"}"
                        .formatted(order);
        Got made = shop.post("/payments/subscriptions", "k-" + order, body);
        shop.stripe.with(world -> {
            world.payCheckout((String) world.all("checkout.session").getLast().get("id"), VISA);
            return true;
        });
        shop.deliverAll();
        return made.text("subscription_id");
    }

    private String invoice(String order) throws Exception {
        String body =
                "{\"order_ref\":\"%s\",\"amount\":5000,\"currency\":\"eur\",\"email\":\"a@example.com\"}"
                        .formatted(order);
        return shop.post("/payments/invoices", "k-" + order, body).text("invoice_id");
    }

    /// How often Stripe has sent the newest invoice.
    private String sent() {
        return shop.stripe.with(
                world -> String.valueOf(world.all("invoice").getLast().get("sent")));
    }

    private void payInvoice() {
        shop.stripe.with(world -> {
            world.payInvoice((String) world.all("invoice").getLast().get("id"), VISA);
            return true;
        });
    }

    @Test
    void who_listens_is_told_of_every_change_with_the_transaction_that_writes_it()
            throws Exception {
        shop.payments.onSubscription((before, after, tx) -> {
            assertThat(SubscriptionTable.find(tx, after.id()).orElseThrow().state())
                    .isEqualTo(after.state());
            heard.add(before.state().word() + ">" + after.state().word());
        });
        shop.payments.onInvoice((before, after, _) ->
                heard.add("invoice " + before.state().word() + ">" + after.state().word()));

        String id = active("S-1");
        assertThat(heard).contains("created>pending", "pending>active");
        assertThat(heard).filteredOn(each -> each.endsWith(">paid")).hasSize(1);
        shop.deliverAll();
        heard.clear();
        shop.deliverAll();
        assertThat(heard).as("nothing has changed").isEmpty();

        assertThat(shop.payments.billingDesk().cancelSubscription("anna", id, true))
                .isEqualTo(new BillingOutcome.Done());
        assertThat(heard).containsExactly("active>canceled");
    }

    @Test
    void what_a_listener_throws_undoes_the_change_until_it_is_tried_again() throws Exception {
        boolean[] broken = {true};
        shop.payments.onInvoice((_, after, _) -> {
            if (broken[0] && after.state() instanceof InvoiceState.Paid) {
                throw new IllegalStateException("not today");
            }
        });
        String id = invoice("B-1");
        payInvoice();
        Got shown = shop.get("/payments/invoices/" + id);
        assertThat(shown.text("status")).isEqualTo("open");

        broken[0] = false;
        shop.deliverAll();
        assertThat(shop.get("/payments/invoices/" + id).text("status")).isEqualTo("paid");
    }

    @Test
    void they_are_listed_by_pages_and_found_by_what_is_known_of_them() throws Exception {
        String first = active("S-1");
        String second = active("S%2");
        String bill = invoice("B-1");
        BillingRecords records = shop.payments.billing();

        BillingPage<Subscription> page = records.subscriptions(BillingFilter.ALL.atMost(1));
        assertThat(page.rows()).extracting(Subscription::id).containsExactly(second);
        BillingFilter next = BillingFilter.ALL.after(page.next().orElseThrow());
        assertThat(records.subscriptions(next).rows())
                .extracting(Subscription::id)
                .containsExactly(first);
        assertThat(records.subscriptions(BillingFilter.ALL.matching("%")).rows()).hasSize(1);
        assertThat(records.subscriptions(BillingFilter.ALL.in("canceled")).rows()).isEmpty();
        assertThat(records.invoices(BillingFilter.ALL).rows()).hasSize(3);
        assertThat(records.invoices(BillingFilter.ALL.in("open")).rows())
                .extracting(Invoice::id)
                .containsExactly(bill);
        assertThat(records.invoices(BillingFilter.ALL.matching(first)).rows())
                .as("those that a subscription left")
                .hasSize(1);

        SubscriptionDetail detail = records.subscription("S-1").orElseThrow();
        assertThat(detail.invoices()).hasSize(1);
        assertThat(detail.calls())
                .extracting(PaymentCall::purpose)
                .containsExactly("create_subscription");
        String atStripe = detail.subscription().links().subscription().orElseThrow();
        assertThat(records.subscription(atStripe).orElseThrow().subscription().id())
                .isEqualTo(first);
        InvoiceDetail invoice = records.invoice("B-1").orElseThrow();
        assertThat(invoice.calls()).hasSize(4).allMatch(call -> call.state().equals("ok"));
        assertThat(records.invoice("nothing")).isEmpty();
        assertThat(records.subscription("nothing")).isEmpty();
    }

    @Test
    void an_operator_changes_cancels_reminds_and_takes_back() throws Exception {
        BillingDesk desk = shop.payments.billingDesk();
        BillingRecords records = shop.payments.billing();
        String subscription = active("S-1");
        OptionalLong price = OptionalLong.of(1_000);
        for (int twice = 0; twice < 2; twice++) {
            assertThat(
                            desk.changeSubscription(
                                    "anna", subscription, OptionalInt.of(3), price, "once"))
                    .isEqualTo(new BillingOutcome.Done());
        }
        SubscriptionDetail changed = records.subscription(subscription).orElseThrow();
        assertThat(changed.subscription().plan().total().minorUnits()).isEqualTo(3_000);
        assertThat(changed.calls()).as("the same key changes once").hasSize(2);
        assertThat(desk.cancelSubscription("anna", subscription, false))
                .isEqualTo(new BillingOutcome.Done());
        assertThat(records.subscription(subscription).orElseThrow().subscription().state())
                .matches(state -> state.current().orElseThrow().endsThen());

        String bill = invoice("B-1");
        assertThat(desk.remind("anna", bill)).isEqualTo(new BillingOutcome.Done());
        assertThat(records.invoice(bill).orElseThrow().invoice().reminders()).isEqualTo(1);
        assertThat(sent()).isEqualTo("1");
        assertThat(desk.cancelInvoice("anna", bill)).isEqualTo(new BillingOutcome.Done());
        assertThat(records.invoice(bill).orElseThrow().invoice().state().word()).isEqualTo("void");

        for (BillingOutcome refused :
                List.of(
                        desk.remind("anna", bill),
                        desk.cancelInvoice("anna", bill),
                        desk.remind("anna", "nothing"),
                        desk.cancelSubscription("anna", "nothing", true),
                        desk.changeSubscription(
                                "anna",
                                subscription,
                                OptionalInt.of(0),
                                OptionalLong.empty(),
                                "zero"))) {
            assertThat(refused).isInstanceOf(BillingOutcome.Refused.class);
        }
    }

    @Test
    void a_reminder_without_an_answer_is_one_reminder() throws Exception {
        String bill = invoice("B-1");
        shop.stripe.next(Fault.RESET_AFTER);

        assertThat(shop.payments.billingDesk().remind("anna", bill))
                .isEqualTo(new BillingOutcome.Unknown());
        assertThat(shop.payments.billingDesk().remind("anna", bill))
                .as("while nobody knows of the first one")
                .isInstanceOf(BillingOutcome.Refused.class);
        shop.recoverAll();

        assertThat(shop.payments.billing().invoice(bill).orElseThrow().invoice().reminders())
                .isEqualTo(1);
        assertThat(sent()).isEqualTo("1");
    }
}
