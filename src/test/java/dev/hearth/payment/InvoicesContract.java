package dev.hearth.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.payment.Shop.Got;
import dev.hearth.testing.StripeStandIn.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How customers are billed.
abstract class InvoicesContract extends ShopContract {
    private static final String PATH = "/payments/invoices";
    private static final String BILL =
            """
            {"order_ref":"B-1","amount":125000,"currency":"eur","email":"ada@example.com",
             "name":"Ada & Co","due_days":30}
            """;

    private Map<String, Object> atStripe() {
        return shop.stripe.with(world -> world.all("invoice").getFirst());
    }

    private String bill() throws Exception {
        Got made = shop.post(PATH, "k1", BILL);
        assertThat(made.status()).isEqualTo(201);
        return made.text("invoice_id");
    }

    private void customerPays() {
        shop.stripe.with(world -> {
            world.payInvoice((String) world.all("invoice").getFirst().get("id"), VISA);
            return true;
        });
    }

    @Test
    void an_invoice_has_a_page_with_our_reference_and_is_paid_there() throws Exception {
        Got made = shop.post(PATH, "k1", BILL);
        assertThat(made.text("status")).isEqualTo("open");
        assertThat(made.text("url")).contains("/invoice/in_");
        assertThat(made.text("due_at")).startsWith("2026-12-21");
        assertThat(atStripe()).containsEntry("custom_fields", "B-1");
        assertThat(shop.post(PATH, "k1", BILL).json()).isEqualTo(made.json());

        customerPays();
        shop.deliverAll();

        Got shown = shop.get(PATH + "/" + made.text("invoice_id"));
        assertThat(shown.text("status")).isEqualTo("paid");
        assertThat(shown.number("paid")).isEqualTo(125_000);
        assertThat(shown.json().has("url")).isFalse();
        assertThat(shown.json().path("payments")).hasSize(1);
        assertThat(balances()).containsEntry("revenue eur", -125_000L);
        assertThat(shop.inboxStates()).doesNotContain("dead");
    }

    static List<Object[]> faultsOfEachCall() {
        List<Object[]> all = new ArrayList<>();
        for (int call = 0; call < 4; call++) {
            for (Fault fault :
                    List.of(
                            Fault.RESET_BEFORE,
                            Fault.RESET_AFTER,
                            Fault.ERROR_AFTER,
                            Fault.CONFLICT)) {
                all.add(new Object[] {call, fault});
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("faultsOfEachCall")
    void whichever_of_its_calls_fails_one_invoice_is_made(int call, Fault fault) throws Exception {
        Fault[] faults = new Fault[call + 1];
        Arrays.fill(faults, Fault.NONE);
        faults[call] = fault;
        shop.stripe.next(faults);
        Got first = shop.post(PATH, "k1", BILL);
        assertThat(first.status()).isEqualTo(202);
        assertThat(first.headers().first("Location"))
                .hasValue(PATH + "/" + first.text("invoice_id"));

        shop.recoverAll();

        Got again = shop.post(PATH, "k1", BILL);
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.text("status")).isEqualTo("open");
        assertThat(stripeHas("invoice")).isOne();
        assertThat(stripeHas("customer")).isOne();
        assertThat(atStripe()).containsEntry("total", 125_000L);
    }

    @Test
    void an_invoice_that_was_finished_by_hand_and_paid_stays_paid_when_our_call_is_refused()
            throws Exception {
        shop.stripe.next(Fault.NONE, Fault.NONE, Fault.NONE, Fault.RESET_BEFORE);
        String id = shop.post(PATH, "k1", BILL).text("invoice_id");
        String atStripe = (String) atStripe().get("id");
        shop.stripe.with(world -> {
            world.finalizeInvoice(atStripe);
            return true;
        });
        customerPays();
        shop.deliverAll();
        assertThat(shop.get(PATH + "/" + id).text("status")).isEqualTo("paid");

        shop.recoverAll();

        assertThat(shop.get(PATH + "/" + id).text("status")).isEqualTo("paid");
        shop.deliver(
                List.of(
                        """
                        {"id":"evt_again","object":"event","type":"invoice.updated","created":1,
                         "data":{"object":{"id":"%s","object":"invoice"}}}
                        """
                                .formatted(atStripe)));
        assertThat(shop.inboxStates()).doesNotContain("dead");
    }

    @Test
    void an_overdue_customer_is_reminded_three_times_and_never_twice_at_once() throws Exception {
        String id = bill();
        assertThat(shop.payments.remind()).isZero();
        shop.clock.advance(Duration.ofDays(31).plusMinutes(1));

        List<Got> none =
                together(
                        4,
                        _ -> {
                            shop.payments.remind();
                            return shop.get(PATH + "/" + id);
                        });

        assertThat(none).hasSize(4);
        assertThat(shop.get(PATH + "/" + id).number("reminders")).isOne();
        assertThat(atStripe()).containsEntry("sent", 1L);
        for (int days : List.of(6, 7, 30)) {
            shop.clock.advance(Duration.ofDays(days));
            shop.payments.remind();
        }
        assertThat(atStripe()).containsEntry("sent", 3L);
    }

    @Test
    void who_has_paid_is_not_reminded() throws Exception {
        bill();
        customerPays();
        shop.deliverAll();
        shop.clock.advance(Duration.ofDays(60));
        assertThat(shop.payments.remind()).isZero();
    }

    @Test
    void a_reminder_that_may_have_gone_out_is_not_sent_anew() throws Exception {
        bill();
        shop.clock.advance(Duration.ofDays(32));
        shop.stripe.next(
                Fault.RESET_AFTER, Fault.RESET_BEFORE, Fault.RESET_BEFORE, Fault.RESET_BEFORE);
        shop.payments.remind();
        shop.recoverAll();
        assertThat(atStripe()).containsEntry("sent", 1L);
    }

    @Test
    void an_invoice_can_be_taken_back_until_it_is_paid() throws Exception {
        String id = bill();
        Got taken = shop.post(PATH + "/" + id + "/cancel", "", "");
        assertThat(taken.status()).isEqualTo(200);
        assertThat(taken.text("status")).isEqualTo("void");
        assertThat(shop.post(PATH + "/" + id + "/cancel", "", "").status()).isEqualTo(409);
        assertThat(shop.post(PATH, "k2", BILL).status()).as("anew").isEqualTo(201);
        assertThat(shop.post(PATH, "k3", BILL).status()).isEqualTo(409);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"amount\":5,\"currency\":\"eur\"} | /email",
                "{\"amount\":5,\"currency\":\"eur\",\"email\":\"a@b.c\",\"due_days\":0} | /due_days",
                "{\"amount\":5,\"currency\":\"eur\",\"email\":\"a@b.c\",\"due_days\":366} | /due_days",
                "{\"amount\":5,\"currency\":\"eur\",\"email\":\"a@b.c\",\"due_date\":\"soon\"} | /due_date",
                "{\"amount\":5,\"currency\":\"eur\",\"email\":\"a@b.c\",\"due_date\":\"2026-11-20\"} | /due_date",
                "{\"amount\":5,\"currency\":\"eur\",\"email\":\"nobody\"} | /email",
                "{\"currency\":\"eur\",\"email\":\"a@b.c\"} | /amount"
            })
    void what_is_wrong_is_named(String body, String pointer) throws Exception {
        Got got = shop.post(PATH, "k1", body);
        assertThat(got.status()).isEqualTo(422);
        assertThat(got.json().path("errors").get(0).path("pointer").asString()).isEqualTo(pointer);
        assertThat(shop.stripe.calls()).isEmpty();
    }

    @Test
    void whatever_the_order_of_its_events_it_is_paid_once() throws Exception {
        String id = bill();
        customerPays();
        List<String> events = new ArrayList<>(shop.stripe.with(world -> world.events()));
        Collections.reverse(events);
        shop.deliver(events);
        shop.deliver(events.reversed());

        assertThat(shop.get(PATH + "/" + id).text("status")).isEqualTo("paid");
        assertThat(balances()).containsEntry("revenue eur", -125_000L);
    }

    @ParameterizedTest
    @ValueSource(longs = {124_999, 125_001})
    void an_invoice_of_another_amount_is_never_paid(long amount) throws Exception {
        String id = bill();
        shop.stripe.with(world -> {
            world.all("invoice").getFirst().put("amount_due", amount);
            return true;
        });
        customerPays();
        shop.deliverAll();

        assertThat(shop.get(PATH + "/" + id).text("status")).isEqualTo("open");
        assertThat(shop.inboxStates()).contains("dead");
    }

    @ParameterizedTest
    @CsvSource({"-25000, 100000", "-125000, 0", "-200000, 0", "5000, 130000"})
    void what_a_customer_has_in_credit_or_owes_at_stripe_is_settled_with_the_invoice(
            long balance, long due) throws Exception {
        bill();
        customerPays();
        String customer =
                shop.stripe.with(world -> {
                    Map<String, Object> known = world.all("customer").getFirst();
                    known.put("balance", balance);
                    return (String) known.get("id");
                });
        Got made =
                shop.post(
                        PATH,
                        "k2",
                        "{\"order_ref\":\"B-2\",\"amount\":125000,\"currency\":\"eur\",\"customer\":\"%s\"}"
                                .formatted(customer));
        assertThat(made.status()).isEqualTo(201);
        if (due > 0) {
            assertThat(made.text("status")).isEqualTo("open");
            shop.stripe.with(world -> {
                world.payInvoice((String) world.all("invoice").getLast().get("id"), VISA);
                return true;
            });
        }
        shop.deliverAll();

        Got shown = shop.get(PATH + "/" + made.text("invoice_id"));
        assertThat(shown.text("status")).isEqualTo("paid");
        assertThat(shown.number("paid")).isEqualTo(due);
        assertThat(balances()).containsEntry("revenue eur", -125_000L - due);
        assertThat(shop.inboxStates()).doesNotContain("dead");
    }

    @ParameterizedTest
    @ValueSource(strings = {"total", "amount_due", "starting_balance"})
    void an_invoice_whose_sums_do_not_add_up_is_never_paid(String member) throws Exception {
        String id = bill();
        shop.stripe.with(world -> world.all("invoice").getFirst().put(member, 1L));
        customerPays();
        shop.deliverAll();

        assertThat(shop.get(PATH + "/" + id).text("status")).isEqualTo("open");
        assertThat(shop.inboxStates()).contains("dead");
    }

    @Test
    void an_order_that_was_paid_in_another_way_too_keeps_both_payments() throws Exception {
        shop.paid("B-1");
        bill();
        customerPays();
        shop.deliverAll();

        assertThat(shop.records.list(PaymentFilter.ALL.in("paid")).payments()).hasSize(2);
        assertThat(balances()).containsEntry("revenue eur", -126_250L);
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"RESET_BEFORE", "RESET_AFTER"})
    void taking_back_is_asked_for_again_until_its_outcome_is_known(Fault fault) throws Exception {
        String path = PATH + "/" + bill() + "/cancel";
        shop.stripe.next(fault);
        assertThat(shop.post(path, "v1", "").status()).isEqualTo(202);
        assertThat(shop.post(path, "v1", "").status()).isEqualTo(202);
        assertThat(shop.post(path, "", "").status()).isEqualTo(202);
        assertThat(shop.post(path, "v1", "{}").status()).as("another body").isEqualTo(422);

        shop.recoverAll();

        Got taken = shop.post(path, "v1", "");
        assertThat(taken.status()).isEqualTo(200);
        assertThat(taken.text("status")).isEqualTo("void");
        assertThat(shop.post(path, "v2", "").status()).isEqualTo(409);
        assertThat(atStripe()).containsEntry("status", "void");
    }

    @Test
    void an_invoice_that_was_completed_by_the_last_try_is_not_given_up() throws Exception {
        shop.stripe.next(Fault.NONE, Fault.NONE, Fault.NONE);
        shop.stripe.weather(() -> Fault.ERROR_BEFORE);
        assertThat(shop.post(PATH, "k1", BILL).status()).isEqualTo(202);
        for (int round = 0; round < 4; round++) {
            shop.clock.advance(Duration.ofSeconds(45));
            assertThat(shop.payments.recover()).isOne();
        }
        shop.clock.advance(Duration.ofMinutes(11));
        shop.stripe.weather(() -> Fault.ERROR_AFTER);

        assertThat(shop.payments.recover()).isOne();

        assertThat(atStripe()).containsEntry("status", "open");
        Got made = shop.post(PATH, "k1", BILL);
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.text("status")).isEqualTo("open");
    }

    @Test
    void an_invoice_that_is_not_completed_by_the_last_try_is_given_up() throws Exception {
        shop.stripe.next(Fault.NONE, Fault.NONE, Fault.NONE);
        shop.stripe.weather(() -> Fault.ERROR_BEFORE);
        shop.post(PATH, "k1", BILL);
        for (int round = 0; round < 4; round++) {
            shop.clock.advance(Duration.ofSeconds(45));
            shop.payments.recover();
        }
        shop.clock.advance(Duration.ofMinutes(11));

        assertThat(shop.payments.recover()).isOne();

        assertThat(atStripe()).containsEntry("status", "draft");
        assertThat(shop.post(PATH, "k1", BILL).status()).isEqualTo(502);
    }
}
