package dev.hearth.payment;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/// An amount that can be charged: more than nothing, no more than Stripe takes, in steps that the currency
/// allows.
///
/// {@snippet lang=java :
/// Money price = Money.of(1250, Currency.of("eur"));
/// Money same = Money.parse("12.50", Currency.of("eur"));
/// }
///
/// @param minorUnits in the currency's smallest unit as Stripe counts: cents, yen, fils
public record Money(long minorUnits, Currency currency) {

    /// The largest amount: eight digits.
    public static final long MOST = 99_999_999;

    /// @throws IllegalArgumentException if it cannot be charged; the message says why and is safe to show
    public Money {
        complaint(minorUnits, currency)
                .ifPresent(complaint -> {
                    throw new IllegalArgumentException(complaint);
                });
    }

    public static Money of(long minorUnits, Currency currency) {
        return new Money(minorUnits, currency);
    }

    /// Reads a decimal such as `12.50`. More digits than the currency has are refused, never rounded.
    ///
    /// @throws IllegalArgumentException if it is no such amount; the message says why and is safe to show
    public static Money parse(String decimal, Currency currency) {
        if (!decimal.matches("[0-9]{1,10}(\\.[0-9]{1,3})?")) {
            throw new IllegalArgumentException(
                    "an amount is written with digits and perhaps a point, such as 12.50");
        }
        BigDecimal exact = new BigDecimal(decimal);
        if (exact.stripTrailingZeros().scale() > currency.decimals()) {
            throw new IllegalArgumentException(
                    "%s has %d decimals".formatted(currency, currency.decimals()));
        }
        return new Money(
                exact.setScale(currency.decimals(), RoundingMode.UNNECESSARY)
                        .unscaledValue()
                        .longValueExact(),
                currency);
    }

    /// Why this many minor units cannot be charged, or nothing if they can.
    static Optional<String> complaint(long minorUnits, Currency currency) {
        if (minorUnits < 1 || minorUnits > MOST) {
            return Optional.of("an amount is 1 to %d minor units".formatted(MOST));
        }
        if (minorUnits % currency.step() != 0) {
            return Optional.of(
                    "an amount in %s is a multiple of %d minor units"
                            .formatted(currency, currency.step()));
        }
        return Optional.empty();
    }

    /// This many of the same.
    ///
    /// @throws IllegalArgumentException if the product cannot be charged
    public Money times(int quantity) {
        return new Money(Math.multiplyExact(minorUnits, (long) quantity), currency);
    }

    /// The sum.
    ///
    /// @throws IllegalArgumentException if the currencies differ or the sum cannot be charged
    public Money plus(Money other) {
        if (!currency.equals(other.currency)) {
            throw new IllegalArgumentException(
                    "cannot add " + other.currency + " to " + currency + " in one payment");
        }
        return new Money(Math.addExact(minorUnits, other.minorUnits), currency);
    }

    /// As people write it: `12.50 EUR`.
    @Override
    public String toString() {
        return decimal(minorUnits, currency) + " " + currency;
    }

    /// Any number of minor units, also none or less, as a decimal.
    public static String decimal(long minorUnits, Currency currency) {
        return BigDecimal.valueOf(minorUnits, currency.decimals()).toPlainString();
    }
}
