package dev.hearth.operator;

import dev.hearth.payment.Currency;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.OptionalLong;

/// Amounts as people write them.
final class Amounts {
    private Amounts() {}

    /// Such as `1,012.50 EUR`, of any number of minor units.
    static String text(long minorUnits, Currency currency) {
        BigDecimal amount = BigDecimal.valueOf(minorUnits, currency.decimals());
        return String.format(
                Locale.ROOT,
                "%,." + currency.decimals() + "f %s",
                amount,
                currency.code().toUpperCase(Locale.ROOT));
    }

    static String decimal(long minorUnits, Currency currency) {
        return BigDecimal.valueOf(minorUnits, currency.decimals()).toPlainString();
    }

    /// The name of an account as people read it, of `receivable_stripe eur`.
    static String account(String accountAndCurrency) {
        return accountAndCurrency
                .substring(0, accountAndCurrency.lastIndexOf(' '))
                .replace('_', ' ');
    }

    /// What such an account holds.
    static String balance(String accountAndCurrency, long minorUnits) {
        String currency = accountAndCurrency.substring(accountAndCurrency.lastIndexOf(' ') + 1);
        return text(minorUnits, Currency.of(currency));
    }

    /// The minor units of a decimal that was typed; nothing where it is none, not above zero, or has more digits than
    /// the currency.
    static OptionalLong parse(String typed, Currency currency) {
        try {
            long minor =
                    new BigDecimal(typed.strip())
                            .movePointRight(currency.decimals())
                            .longValueExact();
            return minor > 0 ? OptionalLong.of(minor) : OptionalLong.empty();
        } catch (NumberFormatException | ArithmeticException wrong) {
            return OptionalLong.empty();
        }
    }
}
