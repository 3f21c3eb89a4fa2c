package dev.hearth.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MoneyTest {
    @ParameterizedTest
    @CsvSource({
        "12.50, eur, 1250", "12.5, eur, 1250", "12, eur, 1200", "0.01, eur, 1", "12.500, eur, 1250",
        "500, jpy, 500", "7, mga, 7", "5, isk, 500", "5.00, ugx, 500", "1.230, kwd, 1230",
        "999999.99, usd, 99999999"
    })
    void a_decimal_becomes_the_minor_units_that_stripe_counts(
            String decimal, String currency, long minorUnits) {
        assertThat(Money.parse(decimal, Currency.of(currency)).minorUnits()).isEqualTo(minorUnits);
    }

    @ParameterizedTest
    @CsvSource({
        "0, eur",
        "0.001, eur",
        "12.505, eur",
        "-1, eur",
        "1e3, eur",
        "1000000.00, eur",
        "'', eur",
        "5.5, jpy",
        "5.01, isk",
        "5.01, ugx",
        "1.234, kwd",
        "1., eur",
        "' 1', eur"
    })
    void what_cannot_be_charged_exactly_is_refused(String decimal, String currency) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Money.parse(decimal, Currency.of(currency.strip())));
    }

    @ParameterizedTest
    @CsvSource({"1250, eur, 12.50 EUR", "500, jpy, 500 JPY", "1230, kwd, 1.230 KWD"})
    void it_is_shown_as_people_write_it(long minorUnits, String currency, String shown) {
        assertThat(Money.of(minorUnits, Currency.of(currency))).hasToString(shown);
    }
}
