package dev.hearth.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PathsTest {

    @ParameterizedTest
    @CsvSource({
        "/,                /",
        "/a/b,             /a/b",
        "/a/,              /a/",
        "/a%20b,           /a b",
        "/%C3%A9,          /é",
        "/%c3%a9,          /é",
        "/caf\u00c3\u00a9, /café",
        "/%F0%9F%8D%B0,    /🍰",
        "/%C8%BA%C4%B0%C3%9F, /Ⱥİß",
        "/%252e%252e,      /%2e%2e",
        "/a;x=y/b,         /a;x=y/b",
        "/..a/b../...,     /..a/b../...",
        "/a\\b,            /a\\b",
        "/a+b,             /a+b",
    })
    void decodes_exactly_once_and_keeps_all_that_has_one_meaning(String raw, String path) {
        assertThat(Paths.fromRaw(raw)).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "*",
                "http://h/", // T22, C5
                "/..",
                "/.",
                "/a/../b",
                "/a/./b",
                "/a/..",
                "/a/.",
                "/%2e%2e/etc",
                "/a/%2E",
                "//",
                "/a//b",
                "/a//",
                "//a",
                "/a%2fb",
                "/a%2Fb",
                "/a%00",
                "/a%0ab",
                "/a%0d",
                "/a%1b",
                "/a%7f",
                "/%",
                "/%4",
                "/%zz",
                "/%4g",
                "/a%",
                "/%-1",
                "/%１１",
                "/%ff",
                "/%C3",
                "/%c0%af",
                "/%ed%a0%80",
                "/%f4%90%80%80",
                "/\u00e9",
                "/\u0100"
            })
    void refuses_what_two_readers_could_understand_differently(String raw) { // T22
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> Paths.fromRaw(raw))
                .satisfies(refused -> assertThat(refused.problem().status()).isEqualTo(400))
                .satisfies(refused ->
                        assertThat(refused.problem().type())
                                .isEqualTo("urn:hearth:problem:bad-path"));
    }

    @Test
    void a_path_that_the_front_server_decoded_is_not_decoded_again() { // C5
        assertThat(Paths.fromDecoded("/%2e%2e/%zz")).isEqualTo("/%2e%2e/%zz");
        assertThat(Paths.fromDecoded("/\u00c3\u00a9")).isEqualTo("/é");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "/..", "/a//b", "/a\0", "/a\n", "/\u00ff", "/\u20ac"})
    void a_path_that_the_front_server_decoded_meets_the_same_rule(String path) { // C5
        assertThatExceptionOfType(RefusedException.class).isThrownBy(() -> Paths.fromDecoded(path));
    }

    @Test
    void the_longest_path_is_read_and_a_longer_one_refused_with_414() {
        String longest = "/" + "a".repeat(Paths.MAX_LENGTH - 1);
        assertThat(Paths.fromRaw(longest)).isSameAs(longest);
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> Paths.fromRaw(longest + "a"))
                .satisfies(refused -> assertThat(refused.problem().status()).isEqualTo(414));
    }
}
