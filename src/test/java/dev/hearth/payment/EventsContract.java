package dev.hearth.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.payment.Shop.Got;
import dev.hearth.testing.LogOf;
import dev.hearth.testing.StripeStandIn.Fault;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How payments follow what Stripe tells, whenever it does.
abstract class EventsContract extends ShopContract {
    @Test
    void a_completed_session_without_money_is_processing_until_the_bank_has_decided()
            throws Exception {
        Got made = shop.post("/payments/checkout", "k1", Shop.order("A-1", 1250));
        String id = made.text("payment_id");
        String session =
                shop.stripe.with(
                        objects -> (String) objects.all("checkout.session").getFirst().get("id"));
        shop.stripe.with(objects -> {
            objects.payCheckout(session, "processing");
            return true;
        });
        shop.deliverAll();
        assertThat(shop.show(id)).isEqualTo("processing");

        String intent = shop.intentId(id);
        shop.stripe.with(objects -> {
            objects.settle(intent, true);
            return true;
        });
        shop.deliverAll();
        assertThat(shop.show(id)).isEqualTo("paid");
    }

    @Test
    void a_declined_card_can_be_followed_by_another() throws Exception {
        String id = shop.intent("A-1");
        shop.buyerPays(id, DECLINED);
        shop.deliverAll();
        assertThat(shop.show(id)).isEqualTo("failed");
        assertThat(shop.get("/payments/" + id).text("client_secret")).isNotEmpty();

        shop.buyerPays(id, VISA);
        shop.deliverAll();
        assertThat(shop.show(id)).isEqualTo("paid");
    }

    @ParameterizedTest
    @CsvSource({
        DECLINED + ",         declined",
        "4000000000009995, insufficient_funds",
        "4000000000000069, expired_card"
    })
    void callers_are_told_the_class_of_why_a_card_was_declined(String card, String told)
            throws Exception {
        String id = shop.intent("A-1");
        shop.buyerPays(id, card);
        shop.deliverAll();

        assertThat(shop.get("/payments/" + id).text("failure")).isEqualTo(told);
    }

    @Test
    void a_dispute_is_an_alarm_that_says_until_when_evidence_counts_and_is_raised_once()
            throws Exception {
        String id = shop.paid("A-1");
        String intent = shop.intentId(id);
        String dispute = shop.stripe.with(objects -> objects.dispute(intent));
        Instant due = shop.clock.instant().truncatedTo(ChronoUnit.SECONDS).plus(Duration.ofDays(7));
        try (LogOf log = LogOf.of(SnapshotWriter.class)) {
            shop.deliverAll();
            shop.cashier.refresh(id);

            assertThat(log.lines())
                    .containsExactly(
                            "ERROR ALARM: payment %s is disputed (%s); evidence is due by %s"
                                    .formatted(id, dispute, due));
        }
        assertThat(shop.records.openDisputes())
                .singleElement()
                .matches(each -> each.dueBy().equals(Optional.of(due)));
    }

    @Test
    void a_dispute_takes_the_money_and_winning_it_brings_it_back() throws Exception {
        String id = shop.paid("A-1");
        String intent = shop.intentId(id);
        String dispute = shop.stripe.with(objects -> objects.dispute(intent));
        shop.deliverAll();
        assertThat(shop.show(id)).isEqualTo("disputed");
        assertThat(balances()).containsEntry("disputes eur", 1250L);
        assertThat(shop.post("/payments/" + id + "/refunds", "r1", "").status()).isEqualTo(409);

        shop.stripe.with(objects -> {
            objects.closeDispute(dispute, true);
            return true;
        });
        shop.deliverAll();
        assertThat(shop.show(id)).isEqualTo("paid");
        assertThat(balances()).containsEntry("disputes eur", 0L);
    }

    private String inCheckout(int n) throws Exception {
        Got made = shop.post("/payments/checkout", "k" + n, Shop.order("A-" + n, 1250));
        shop.stripe.with(world -> {
            String session = (String) world.all("checkout.session").getLast().get("id");
            world.payCheckout(session, DECLINED);
            world.payCheckout(session, "4000000000000077");
            world.settle((String) world.find(session).get("payment_intent"), true);
            return true;
        });
        return made.text("payment_id");
    }

    private String refundedAndDisputed(int n) throws Exception {
        String id = shop.intent("A-" + n);
        shop.buyerPays(id, VISA);
        String intent = shop.intentId(id);
        shop.cashier.refresh(id);
        shop.post("/payments/" + id + "/refunds", "r" + n, "{\"amount\":250}");
        shop.stripe.with(world -> {
            world.closeDispute(world.dispute(intent), true);
            return true;
        });
        return id;
    }

    @FunctionalInterface
    private interface Story {
        String tell(int n) throws Exception;
    }

    /// Tells the same story 120 times, and delivers its five events in every order there is.
    private void requireOneEnd(Story story) throws Exception {
        List<String> ids = new ArrayList<>();
        for (List<Integer> order : permutations(List.of(0, 1, 2, 3, 4))) {
            int before = shop.stripe.with(world -> world.events().size());
            ids.add(story.tell(ids.size()));
            List<String> all = shop.stripe.with(world -> world.events());
            List<String> events = all.subList(before, all.size());
            assertThat(events).hasSizeGreaterThanOrEqualTo(5);
            List<String> last = events.subList(events.size() - 5, events.size());
            shop.deliver(order.stream().map(last::get).toList());
        }
        assertThat(ids).hasSize(120);
        List<String> ends = new ArrayList<>();
        for (String id : ids) {
            PaymentDetail detail = shop.records.find(id).orElseThrow();
            ends.add(
                    "%s %d %d %d %s %s %s"
                            .formatted(
                                    detail.payment().state(),
                                    detail.payment().captured(),
                                    detail.payment().refunded(),
                                    detail.payment().disputed(),
                                    detail.refunds().stream().map(Refund::state).toList(),
                                    detail.disputes().stream().map(Dispute::state).toList(),
                                    detail.journal().stream()
                                            .map(line ->
                                                    line.source()
                                                            + " "
                                                            + line.account()
                                                            + " "
                                                            + line.amount())
                                            .sorted()
                                            .toList()));
        }
        assertThat(ends).containsOnly(ends.getFirst());
        assertThat(ends.getFirst()).startsWith("Paid[captured=1250] 1250");
        assertThat(shop.inboxStates()).doesNotContain("dead");
    }

    private static List<List<Integer>> permutations(List<Integer> of) {
        if (of.isEmpty()) {
            return List.of(List.of());
        }
        List<List<Integer>> all = new ArrayList<>();
        for (Integer first : of) {
            List<Integer> rest = new ArrayList<>(of);
            rest.remove(/* element */ first);
            for (List<Integer> tail : permutations(rest)) {
                List<Integer> whole = new ArrayList<>(List.of(first));
                whole.addAll(tail);
                all.add(whole);
            }
        }
        return all;
    }

    @Test
    void all_orders_of_the_five_events_of_a_payment_have_one_end() throws Exception {
        requireOneEnd(this::inCheckout);
    }

    @Test
    void all_orders_of_the_five_events_of_a_refunded_and_disputed_payment_have_one_end()
            throws Exception {
        requireOneEnd(this::refundedAndDisputed);
    }

    @Test
    void events_that_come_late_twice_shuffled_and_in_parallel_act_once() throws Exception {
        List<String> ids = new ArrayList<>();
        for (int n = 0; n < 5; n++) {
            ids.add(inCheckout(n));
        }
        shop.clock.advance(Duration.ofHours(20));
        List<String> events = shop.stripe.with(world -> world.events());

        together(
                6,
                n -> {
                    List<String> shuffled = new ArrayList<>(events);
                    Collections.shuffle(shuffled, new Random(n));
                    shop.deliver(shuffled);
                    return shop.get("/payments/" + ids.getFirst());
                });

        for (String id : ids) {
            assertThat(shop.show(id)).isEqualTo("paid");
        }
        assertThat(balances()).containsEntry("revenue eur", -6250L);
        assertThat(shop.inboxStates()).hasSize(events.size()).doesNotContain("dead");
    }

    @Test
    void every_order_of_events_gives_the_same_end() throws Exception {
        String id = shop.intent("A-1");
        shop.buyerPays(id, DECLINED);
        shop.buyerPays(id, "4000002500003155");
        String intent = shop.intentId(id);
        shop.stripe.with(objects -> {
            objects.settle(intent, true);
            return true;
        });
        List<String> events = shop.stripe.with(objects -> objects.events());
        shop.deliver(events.reversed());
        shop.deliver(events);

        assertThat(shop.show(id)).isEqualTo("paid");
        assertThat(shop.inboxStates()).doesNotContain("dead");
        assertThat(balances()).containsEntry("revenue eur", -1250L);
    }

    @Test
    void an_amount_that_differs_is_never_paid() throws Exception {
        requireNeverPaid("amount", 125L);
    }

    @Test
    void a_currency_that_differs_is_never_paid() throws Exception {
        requireNeverPaid("currency", "usd");
    }

    @Test
    void real_money_for_a_test_and_the_other_way_round_is_never_paid() throws Exception {
        requireNeverPaid("livemode", true);
    }

    private void requireNeverPaid(String member, Object other) throws Exception {
        String id = shop.intent("A-1");
        String intent = shop.intentId(id);
        shop.stripe.with(objects -> {
            objects.find(intent).put(member, other);
            objects.pay(intent, VISA);
            return true;
        });
        shop.deliverAll();

        assertThat(shop.show(id)).isEqualTo("pending");
        assertThat(shop.inboxStates()).contains("dead");
        assertThat(balances()).as("nothing is booked").isEmpty();
    }

    @Test
    void a_webhook_that_comes_before_our_own_answer_finds_its_payment() throws Exception {
        shop.stripe.next(Fault.RESET_AFTER);
        String id =
                shop.post("/payments/intents", "k1", Shop.order("A-1", 1250)).text("payment_id");
        shop.buyerPays(id, VISA);
        shop.deliverAll();
        assertThat(shop.show(id)).isEqualTo("paid");

        shop.recoverAll();
        Got again = shop.post("/payments/intents", "k1", Shop.order("A-1", 1250));
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.text("status")).isEqualTo("paid");
    }

    @Test
    void what_happened_longer_ago_than_stripe_keeps_events_is_found_by_its_objects()
            throws Exception {
        String paid = shop.intent("A-1");
        String refunded = shop.paid("A-2");
        String disputed = shop.paid("A-3");
        String untouched = shop.paid("A-4");
        Instant lastSeen = shop.clock.instant();
        shop.clock.advance(Duration.ofHours(1));
        shop.buyerPays(paid, VISA);
        String intent = shop.intentId(refunded);
        String other = shop.intentId(disputed);
        shop.stripe.with(world -> {
            world.refund(intent, 250); // by hand, in Stripe's dashboard
            return world.payOut("eur", 100);
        });
        shop.stripe.with(world -> world.dispute(other));
        shop.clock.advance(Duration.ofDays(31));

        Reconcile.Report report = shop.payments.reconcile(lastSeen, shop.inbox);

        assertThat(report.missed()).as("Stripe has no such events any more").isEmpty();
        assertThat(report.differed())
                .containsExactlyInAnyOrder(paid, refunded, disputed)
                .doesNotContain(untouched);
        assertThat(shop.show(paid)).isEqualTo("paid");
        assertThat(shop.show(refunded)).isEqualTo("partially_refunded");
        assertThat(shop.show(disputed)).isEqualTo("disputed");
        assertThat(balances()).containsEntry("payouts eur", 100L);
        assertThat(report.balances()).allMatch(each -> each.difference() == 0);
        assertThat(shop.payments.reconcile(lastSeen, shop.inbox).isClean()).isTrue();
    }

    @Test
    void a_comparison_beside_the_server_tells_how_far_it_has_come() throws Exception {
        Instant since = shop.clock.instant();
        shop.paid("A-1");
        List<Long> told = new ArrayList<>();

        Reconcile.Report report = shop.payments.reconcileBeside(since, shop.inbox, told::add);

        assertThat(told).hasSizeGreaterThan(report.events()).startsWith(1L, 2L);
        assertThat(told.getLast()).isEqualTo(told.size());
    }

    @Test
    void a_refund_that_failed_and_a_dispute_that_ended_longer_ago_than_events_are_kept_are_found()
            throws Exception {
        String refunded = shop.paid("A-1");
        String id =
                shop.post("/payments/" + refunded + "/refunds", "r1", "{\"amount\":250}")
                        .text("refund_id");
        String stripeRefund = shop.refunds(refunded).getFirst().stripeId().orElseThrow();
        String disputed = shop.paid("A-2");
        String intent = shop.intentId(disputed);
        String dispute = shop.stripe.with(world -> world.dispute(intent));
        shop.deliverAll();
        assertThat(shop.show(disputed)).isEqualTo("disputed");
        Instant lastSeen = shop.clock.instant();
        shop.clock.advance(Duration.ofHours(1));
        shop.stripe.with(world -> {
            world.failRefund(stripeRefund);
            world.closeDispute(dispute, true);
            return true;
        });
        shop.clock.advance(Duration.ofDays(31));

        Reconcile.Report report = shop.payments.reconcile(lastSeen, shop.inbox);

        assertThat(report.differed()).containsExactlyInAnyOrder(refunded, disputed);
        assertThat(shop.show(disputed)).isEqualTo("paid");
        assertThat(shop.show(refunded)).isEqualTo("paid");
        assertThat(shop.refunds(refunded))
                .singleElement()
                .matches(each -> each.id().equals(id) && each.state() == Refund.State.FAILED);
        assertThat(report.balances()).allMatch(each -> each.difference() == 0);
    }

    @Test
    void webhooks_that_never_came_are_made_good_and_do_no_harm_when_they_come() throws Exception {
        String id = shop.intent("A-1");
        shop.buyerPays(id, VISA);
        String other = shop.intent("A-2");
        shop.stripe.with(objects -> {
            objects.find(String.valueOf(objects.intentOf(other).get("id")))
                    .put("status", "processing");
            return true; // a change that leaves no event
        });
        shop.clock.advance(Duration.ofMinutes(1));

        Reconcile.Report report =
                shop.payments.reconcile(shop.clock.instant().minusSeconds(7200), shop.inbox);

        assertThat(report.missed()).hasSize(1);
        assertThat(report.differed()).contains(other);
        assertThat(shop.show(other)).isEqualTo("processing");
        shop.deliverAll();
        assertThat(shop.show(id)).isEqualTo("paid");
        Reconcile.Report again =
                shop.payments.reconcile(shop.clock.instant().minusSeconds(7200), shop.inbox);
        assertThat(again.missed()).isEmpty();
        assertThat(again.differed()).isEmpty();
        assertThat(shop.inboxStates()).doesNotContain("dead");
    }

    @Test
    void a_payment_in_a_state_that_is_not_known_does_not_keep_others_from_being_looked_at()
            throws Exception {
        String unheard = shop.intent("A-1");
        String other = shop.intent("A-2");
        shop.stripe.with(world -> world.intentOf(unheard).put("status", "requires_a_prayer"));
        shop.stripe.with(world -> world.intentOf(other).put("status", "processing"));
        shop.clock.advance(Duration.ofMinutes(1));

        Reconcile.Report report =
                shop.payments.reconcile(shop.clock.instant().minusSeconds(7200), shop.inbox);

        assertThat(report.differed()).containsExactlyInAnyOrder(unheard, other);
        assertThat(shop.show(unheard)).isEqualTo("pending");
        assertThat(shop.show(other)).isEqualTo("processing");
    }

    @Test
    void what_was_not_looked_at_for_longest_is_looked_at_first() throws Exception {
        String early = shop.intent("A-1");
        String late = shop.intent("A-2");
        shop.clock.advance(Duration.ofSeconds(1));
        shop.buyerPays(early, DECLINED);
        shop.deliver(
                shop.stripe.with(world ->
                        world.events().stream()
                                .filter(e -> e.contains("payment_failed"))
                                .toList()));
        shop.clock.advance(Duration.ofSeconds(1));

        List<Payment> first =
                shop.database.read(tx -> PaymentTable.open(tx, shop.clock.instant(), 1));

        assertThat(first).extracting(Payment::id).containsExactly(late);
    }
}
