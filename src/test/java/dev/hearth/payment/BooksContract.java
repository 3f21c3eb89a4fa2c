package dev.hearth.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.sql.SQLException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// What the books hold.
abstract class BooksContract extends ShopContract {
    @Test
    void the_journal_can_only_be_added_to_and_is_given_as_csv() throws Exception {
        shop.paid("=A-1");

        assertThat(shop.records.journalCsv(Instant.EPOCH, shop.clock.instant().plusSeconds(60)))
                .startsWith("booked_at,posting,")
                .contains("\"'=A-1\",receivable_stripe,EUR,12.50");
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() ->
                        shop.database.write(tx -> tx.update("UPDATE journal_entry SET amount = 1")))
                .withMessageContaining("only ever added to");
    }
}
