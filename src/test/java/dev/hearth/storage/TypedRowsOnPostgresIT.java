package dev.hearth.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.PostgresServer;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class TypedRowsOnPostgresIT extends TypedRowsContract {
    @Override
    DatabaseLocation location() {
        return PostgresServer.shared().newDatabase();
    }

    @Test
    void what_an_update_by_index_forbids_is_forbidden_until_the_transaction_ends()
            throws SQLException {
        database.write(tx -> {
            tx.updateByIndex("UPDATE cake SET sold = ? WHERE id = ?", true, 1);
            return assertThat(readsWholeTables(tx)).isEqualTo("off");
        });
        assertThat(database.read(TypedRowsOnPostgresIT::readsWholeTables)).isEqualTo("on");
    }

    private static String readsWholeTables(Transaction tx) throws SQLException {
        return tx.first(
                        "SELECT current_setting('enable_seqscan') AS allowed",
                        row -> row.text("allowed"))
                .orElseThrow();
    }
}
