package dev.hearth.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hearth.payment.PaymentState.Authorized;
import dev.hearth.payment.PaymentState.Canceled;
import dev.hearth.payment.PaymentState.Created;
import dev.hearth.payment.PaymentState.Expired;
import dev.hearth.payment.PaymentState.Failed;
import dev.hearth.payment.PaymentState.Paid;
import dev.hearth.payment.PaymentState.Pending;
import dev.hearth.payment.PaymentState.Processing;
import dev.hearth.payment.PaymentState.RequiresAction;
import dev.hearth.payment.PaymentState.Unknown;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PaymentStateTest {
    static List<PaymentState> all() {
        return List.of(
                new Created(),
                new Unknown(),
                new Pending(),
                new RequiresAction(),
                new Processing(),
                new Authorized(1250),
                new Paid(1250),
                new Failed(Optional.empty()),
                new Canceled(),
                new Expired());
    }

    @ParameterizedTest
    @MethodSource("all")
    void what_is_final_stays_and_everything_else_can_be_paid(PaymentState state) {
        boolean stays =
                all().stream().noneMatch(next -> !next.equals(state) && state.mayBecome(next));

        assertThat(stays).isEqualTo(state.isFinal());
        assertThat(state.mayBecome(new Paid(1250)))
                .isEqualTo(!state.isFinal() || state instanceof Paid);
        assertThat(state.mayBecome(state)).isTrue();
    }

    @Test
    void a_step_that_cannot_be_names_both_states() {
        assertThatExceptionOfType(IllegalTransitionException.class)
                .isThrownBy(() -> new Paid(1250).become(new Pending()))
                .withMessageContaining("Paid")
                .withMessageContaining("Pending");
    }

    @Test
    void what_was_paid_cannot_become_another_amount() {
        assertThat(new Paid(1250).mayBecome(new Paid(1000))).isFalse();
    }
}
