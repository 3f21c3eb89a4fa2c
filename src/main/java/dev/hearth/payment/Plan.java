package dev.hearth.payment;

import java.util.Locale;
import java.util.Optional;

/// What is paid again and again.
///
/// @param name what the buyer reads
/// @param price of one, for one period
/// @param quantity how many
/// @param every how long a period is
public record Plan(String name, Money price, int quantity, Every every) {

    /// The length of a period.
    public enum Every {
        DAY,
        WEEK,
        MONTH,
        YEAR;

        /// The name at Stripe, in the database and for callers.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<Every> find(String word) {
            for (Every every : values()) {
                if (every.word().equals(word)) {
                    return Optional.of(every);
                }
            }
            return Optional.empty();
        }
    }

    /// @throws IllegalArgumentException if it cannot be charged
    public Plan {
        if (quantity < 1) {
            throw new IllegalArgumentException("a plan is for at least one, was " + quantity);
        }
        price.times(quantity); // refuses what is too much
    }

    /// What one period costs.
    public Money total() {
        return price.times(quantity);
    }
}
