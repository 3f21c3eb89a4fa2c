package dev.hearth.payment;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A currency as Stripe counts it. This is not the JDK's table: Stripe has no minor units for the ariary,
/// and wants two decimals for króna and Ugandan shilling although both must be zero.
///
/// @param code three lower-case letters
/// @param decimals how many digits of an amount stand behind the decimal point
/// @param step what every amount is a multiple of
public record Currency(String code, int decimals, int step) {

    private static final String WITHOUT_DECIMALS =
            "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf";

    /// Both have no minor units any more, and UGX stands in Stripe's list of zero-decimal currencies too; but
    /// Stripe's page "Supported currencies", under "Special cases", has both sent as before, with two decimals
    /// that are zero: 5 UGX is 500. The special case is what the API does, so it counts.
    private static final String WITH_TWO_DECIMALS_OF_ZERO = "isk ugx";

    /// The last of the three must be zero.
    private static final String WITH_THREE_DECIMALS = "bhd jod kwd omr tnd";

    private static final String WITH_TWO_DECIMALS =
            """
            aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bmd bnd bob brl bsd bwp byn bzd cad cdf
            chf cny cop crc cve czk dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gtq gyd hkd hnl htg huf
            idr ils inr jmd kes kgs khr kyd kzt lak lbp lkr lrd lsl mad mdl mkd mmk mnt mop mur mvr mwk mxn
            myr mzn nad ngn nio nok npr nzd pab pen pgk php pkr pln qar ron rsd rub sar sbd scr sek sgd shp
            sle sos srd std szl thb tjs top try ttd twd tzs uah usd uyu uzs wst xcd yer zar zmw
            """;

    private static final Map<String, Currency> ALL =
            Stream.of(
                            each(WITHOUT_DECIMALS, 0, 1),
                            each(WITH_TWO_DECIMALS_OF_ZERO, 2, 100),
                            each(WITH_THREE_DECIMALS, 3, 10),
                            each(WITH_TWO_DECIMALS, 2, 1))
                    .flatMap(currencies -> currencies)
                    .collect(Collectors.toUnmodifiableMap(Currency::code, each -> each));

    private static final Set<Currency> EVERY = Set.copyOf(ALL.values());

    private static Stream<Currency> each(String codes, int decimals, int step) {
        return Stream.of(codes.strip().split("\\s+"))
                .map(code -> new Currency(code, decimals, step));
    }

    /// The currency of an ISO code in either case, or nothing where Stripe does not take it.
    public static Optional<Currency> find(String code) {
        return Optional.ofNullable(ALL.get(code.toLowerCase(Locale.ROOT)));
    }

    /// Every currency that Stripe takes.
    public static Set<Currency> all() {
        return EVERY;
    }

    /// The currency of an ISO code that is known to be one.
    ///
    /// @throws IllegalArgumentException if Stripe does not take it
    public static Currency of(String code) {
        return find(code)
                .orElseThrow(() ->
                        new IllegalArgumentException("no currency that Stripe takes: " + code));
    }

    @Override
    public String toString() {
        return code.toUpperCase(Locale.ROOT);
    }
}
