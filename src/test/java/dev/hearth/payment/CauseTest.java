package dev.hearth.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.storage.Database;
import dev.hearth.storage.DatabaseLocation.SqliteFile;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CauseTest {
    @TempDir Path folder;

    @Test
    void work_that_is_carried_keeps_its_cause_within_that_of_another() throws Exception {
        try (Database database = Database.open(new SqliteFile(folder.resolve("hearth.db")))) {
            Cause ours = Cause.operator("anna");
            Database.Work<Cause, Exception> carried =
                    ours.call(() -> Cause.carried(_ -> Cause.current()));
            Database.Work<Cause, Exception> ofNone = Cause.carried(_ -> Cause.current());

            Cause.operator("bert")
                    .<Void, Exception>call(() -> {
                        assertThat(database.<Cause, Exception>write(carried)).isEqualTo(ours);
                        assertThat(database.<Cause, Exception>write(ofNone).kind())
                                .isEqualTo(Cause.Kind.REQUEST);
                        return null;
                    });
        }
    }
}
