package dev.hearth.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.app.Finding.Weight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each check of `hearth doctor`, where all is well and where it is not.
class CheckupTest {
    @TempDir Path folder;

    @Test
    void a_data_folder_is_there_and_can_be_written_to_or_is_made_at_the_start() {
        assertThat(Checkup.dataFolder(folder).weight()).isEqualTo(Weight.OK);
        assertThat(Checkup.dataFolder(folder.resolve("none")).weight()).isEqualTo(Weight.HINT);
    }

    @Test
    void a_data_folder_that_cannot_be_written_to_is_wrong() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
        try {
            Assumptions.assumeFalse(Files.isWritable(folder), "this user may write everywhere");
            assertThat(Checkup.dataFolder(folder).isWrong()).isTrue();
        } finally {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, WRONG",
        "104857599, WRONG",
        "104857600, HINT",
        "1073741823, HINT",
        "1073741824, OK",
    })
    void space_is_enough_little_or_none(long bytes, Weight weight) {
        assertThat(Checkup.space(bytes).weight()).isEqualTo(weight);
    }

    @ParameterizedTest
    @CsvSource({
        "rw-------, OK",
        "rwx--x--x, OK",
        "rw-r-----, WRONG",
        "rw----r--, WRONG",
    })
    void secrets_are_their_owners_alone(String permissions, Weight weight) throws IOException {
        Path secret = Files.writeString(folder.resolve("stripe.secret"), "x");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString(permissions));
        Files.writeString(folder.resolve("readme.txt"), "anyone's");

        List<Finding> findings = Checkup.permissions(folder);

        assertThat(findings).extracting(Finding::weight).containsExactly(weight);
        assertThat(findings.getFirst().detail().contains("chmod 600"))
                .isEqualTo(weight == Weight.WRONG);
    }

    @Test
    void where_there_is_no_folder_there_are_no_secrets() {
        assertThat(Checkup.permissions(folder.resolve("none"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, OK", "5000, OK", "-5000, OK", "5001, WRONG", "-5001, WRONG"})
    void a_clock_may_differ_by_a_few_seconds_either_way(long millis, Weight weight) {
        assertThat(Checkup.clock(Duration.ofMillis(millis)).weight()).isEqualTo(weight);
    }

    @ParameterizedTest
    @CsvSource({
        "ProxyPass / unix:/run/hearth.sock, WRONG",
        "'ProxyPass / unix:/run/hearth.sock CGIPassAuth On', OK",
        "'SetEnvIf Authorization (.+) HTTP_AUTHORIZATION=$1 # hearth', OK",
    })
    void a_site_of_apache_passes_authorization_on_or_not(String text, Weight weight)
            throws IOException {
        Files.writeString(folder.resolve("shop.conf"), text);
        Files.writeString(folder.resolve("other.conf"), "DocumentRoot /var/www");

        assertThat(Checkup.apache(List.of(folder, folder.resolve("none"))))
                .extracting(Finding::weight)
                .containsExactly(weight);
    }

    @Test
    void what_cannot_be_looked_at_is_told_and_keeps_no_other_check_from_its_end()
            throws IOException {
        Files.createSymbolicLink(folder.resolve("gone.secret"), folder.resolve("nothing"));
        Files.createSymbolicLink(folder.resolve("gone.conf"), folder.resolve("nothing"));
        Files.write(folder.resolve("shop.conf"), "# f\u00fcr hearth".getBytes(ISO_8859_1));

        assertThat(Checkup.permissions(folder))
                .extracting(Finding::weight)
                .containsExactly(Weight.HINT);
        assertThat(Checkup.apache(List.of(folder)))
                .extracting(Finding::weight)
                .containsExactlyInAnyOrder(Weight.HINT, Weight.WRONG);
    }
}
