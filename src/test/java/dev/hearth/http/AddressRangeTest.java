package dev.hearth.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressRangeTest {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1,     127.0.0.1,   true",
        "127.0.0.1,     127.0.0.2,   false",
        "10.0.0.0/8,    10.255.0.1,  true",
        "10.0.0.0/8,    11.0.0.0,    false",
        "10.0.0.8/31,   10.0.0.9,    true",
        "10.0.0.8/31,   10.0.0.10,   false",
        "0.0.0.0/0,     192.0.2.1,   true",
        "0.0.0.0/0,     ::1,         false",
        "2001:db8::/32, 2001:db8::7, true",
        "::1,           ::1,         true",
        "127.0.0.1,     unix:,       false",
        "127.0.0.1,     localhost,   false",
    })
    void an_address_is_inside_or_not(String range, String address, boolean inside) {
        assertThat(AddressRange.parse(range).contains(address)).isEqualTo(inside);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "10.0.0.0/33",
                "10.0.0.0/",
                "10.0.0.1/8",
                "10.0.0.0/-1",
                "::/129"
            })
    void what_is_no_range_is_refused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AddressRange.parse(text))
                .withMessageContaining("\"" + text + "\"");
    }
}
