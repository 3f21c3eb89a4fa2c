package dev.hearth.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.hearth.payment.Cause.Kind;
import dev.hearth.payment.PaymentStep.Subject;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// What those who run the shop see, and can do.
abstract class DeskContract extends ShopContract {
    private PaymentDetail detail(String id) throws Exception {
        return shop.records.find(id).orElseThrow();
    }

    @Test
    void the_steps_of_a_payment_say_what_happened_and_why() throws Exception {
        String id = shop.paid("A-1");
        String intent = shop.intentId(id);
        shop.desk.refund(
                "ada",
                id,
                OptionalLong.of(detail(id).revision()),
                OptionalLong.of(250),
                Optional.of("duplicate"),
                "form-1");
        shop.stripe.with(objects -> objects.dispute(intent));
        shop.deliverAll();

        PaymentDetail detail = detail(intent);
        assertThat(detail.steps())
                .extracting(
                        step -> step.subject() + " " + step.status() + " " + step.cause().kind())
                .containsExactly(
                        "PAYMENT created REQUEST",
                        "PAYMENT pending CALL",
                        "PAYMENT paid EVENT",
                        "REFUND requested OPERATOR",
                        "REFUND succeeded CALL",
                        "PAYMENT partially_refunded CALL",
                        "DISPUTE needs_response EVENT",
                        "PAYMENT disputed EVENT");
        assertThat(detail.steps().get(3).cause().id()).contains("ada");
        assertThat(detail.steps().get(4).cause().id()).contains(detail.calls().getLast().id());
        assertThat(detail.steps().get(2).cause())
                .matches(cause -> cause.id().orElseThrow().startsWith("evt_"));
        assertThat(detail.calls())
                .extracting(PaymentCall::purpose)
                .containsExactly("create_intent", "refund");
        assertThat(detail.journal()).extracting(JournalLine::amount).contains(-1250L, 250L);
        assertThat(detail.refundable()).isZero();
        assertThat(shop.records.openDisputes())
                .singleElement()
                .matches(dispute -> dispute.dueBy().isPresent());
    }

    @Test
    void a_page_that_is_out_of_date_does_nothing() throws Exception {
        String id = shop.intent("A-1");
        OptionalLong shown = OptionalLong.of(detail(id).revision());
        shop.buyerPays(id, VISA);
        shop.deliverAll();

        assertThat(shop.desk.cancel("ada", id, shown))
                .isEqualTo(
                        new DeskOutcome.Refused(
                                true,
                                "The payment has changed since it was shown. Look at it again."));
        assertThat(shop.desk.refund("ada", id, shown, OptionalLong.empty(), Optional.empty(), "f1"))
                .matches(outcome ->
                        outcome instanceof DeskOutcome.Refused(boolean stale, _) && stale);
        assertThat(stripeHas("refund")).isZero();
        assertThat(detail(id).steps()).noneMatch(step -> step.cause().kind() == Kind.OPERATOR);
    }

    @Test
    void looking_again_does_not_make_a_page_out_of_date() throws Exception {
        String id = shop.paid("A-1");
        OptionalLong shown = OptionalLong.of(detail(id).revision());
        shop.desk.refresh("ada", id);
        shop.deliverAll();

        DeskOutcome outcome =
                shop.desk.refund("ada", id, shown, OptionalLong.empty(), Optional.empty(), "f1");

        assertThat(outcome).isInstanceOf(DeskOutcome.Done.class);
        assertThat(shop.show(id)).isEqualTo("refunded");
    }

    @Test
    void a_form_sent_twice_refunds_once() throws Exception {
        String id = shop.paid("A-1");
        for (int sent = 0; sent < 2; sent++) {
            DeskOutcome outcome =
                    shop.desk.refund(
                            "ada",
                            id,
                            OptionalLong.of(3),
                            OptionalLong.of(100),
                            Optional.empty(),
                            "form-1");
            assertThat(outcome).isInstanceOf(DeskOutcome.Done.class);
        }
        assertThat(stripeHas("refund")).isOne();
        assertThat(
                        shop.desk.refund(
                                "ada",
                                id,
                                OptionalLong.empty(),
                                OptionalLong.of(1_151),
                                Optional.empty(),
                                "form-2"))
                .isEqualTo(new DeskOutcome.Refused(false, "Less than this is left to refund."));
    }

    @Test
    void payments_are_listed_by_pages_and_found_by_what_is_known_of_them() throws Exception {
        for (int i = 0; i < 5; i++) {
            shop.intent("A-" + i);
        }
        String paid = shop.paid("B_%");

        PaymentPage first = shop.records.list(PaymentFilter.ALL.atMost(4));
        PaymentPage second =
                shop.records.list(PaymentFilter.ALL.atMost(4).after(first.next().orElseThrow()));
        assertThat(first.payments()).hasSize(4).first().matches(each -> each.id().equals(paid));
        assertThat(second.payments())
                .extracting(Payment::orderRef)
                .isEqualTo(List.of("A-1", "A-0"));
        assertThat(second.next()).isEmpty();

        assertThat(shop.records.list(PaymentFilter.ALL.in("paid")).payments()).hasSize(1);
        assertThat(shop.records.list(PaymentFilter.ALL.in("refunded")).payments()).isEmpty();
        assertThat(shop.records.list(PaymentFilter.ALL.matching("a-")).payments()).hasSize(5);
        assertThat(shop.records.list(PaymentFilter.ALL.matching("_%")).payments()).hasSize(1);
        assertThat(shop.records.list(PaymentFilter.ALL.matching(shop.intentId(paid))).payments())
                .hasSize(1);
        assertThat(shop.records.list(PaymentFilter.ALL.in(Currency.of("usd"))).payments())
                .isEmpty();
        var past = Optional.of(shop.clock.instant());
        assertThat(shop.records.list(PaymentFilter.ALL.begun(Optional.empty(), past)).payments())
                .isEmpty();
        assertThat(shop.records.list(PaymentFilter.ALL.begun(past, Optional.empty())).payments())
                .hasSize(6);
        assertThatIllegalArgumentException().isThrownBy(() -> PaymentFilter.ALL.atMost(0));
        assertThat(detail(paid).steps()).extracting(PaymentStep::subject).contains(Subject.PAYMENT);
    }
}
