package dev.hearth.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.hearth.storage.DatabaseLocation.PostgreSql;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseLocationTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgres://shop:hush@db/hearth",
                "jdbc:postgresql://shop:hush@db/hearth",
                "jdbc:postgresql://shop:hush@db",
                "jdbc:postgresql://db:port/hearth?password=hush",
                "jdbc:postgresql://db:70000/hearth?password=hush",
            })
    void refuses_a_url_that_cannot_be_read_and_shows_nothing_of_it(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PostgreSql(url, "", "", 16))
                .withNoCause()
                .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain("hush"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql:hearth",
                "jdbc:postgresql://db/hearth",
                "jdbc:postgresql://db:65535,other/hearth",
                "jdbc:postgresql://db/hearth?user=a@b&password=hu@sh",
                "jdbc:postgresql:///hearth?password=hush@db",
            })
    void takes_a_url_that_the_driver_reads_and_hides_its_password(String url) {
        assertThat(new PostgreSql(url, "", "", 16))
                .hasToString(url.contains("?") ? url.substring(0, url.indexOf('?')) : url);
    }
}
