package dev.hearth.webhook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// A few members of a JSON text, and the whole text looked through on the way: Jackson says what is JSON.
class JsonFieldsTest {
    private static final String EVENT =
            """
            {"id": "evt_1", "count": 12, "price": -0.5e+3, "livemode": false, "none": null,
             "a\\"b": [1, [], {}, [{"x": [true]}], "\\u00e9\\n\\/é€😀"], "": {},
             "data": {"object": {"id": 12345678901234567890, "id": "second"}, "id": "inner"}}
            """;

    private static JsonFields.Found read(String text, String... pointers) {
        return JsonFields.of(pointers).read(text.getBytes(UTF_8));
    }

    private static boolean isRead(byte[] text) {
        try {
            JsonFields.of("/id", "/data/object/id").read(text);
            return true;
        } catch (UnreadableEventException refused) {
            return false;
        }
    }

    /// What Jackson makes of it, in UTF-8 without its leniences there.
    private static boolean isJson(byte[] text) {
        try (JsonParser json = new JsonFactory().createParser(ObjectReadContext.empty(), text)) {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(text));
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return false;
            }
            int depth = 1;
            for (JsonToken next = json.nextToken(); next != null; next = json.nextToken()) {
                if (depth == 0) {
                    return false;
                }
                depth += next.isStructStart() ? 1 : next.isStructEnd() ? -1 : 0;
            }
            return true;
        } catch (JacksonException | CharacterCodingException refused) {
            return false;
        }
    }

    @Test
    void finds_members_by_their_pointers() {
        JsonFields.Found found =
                read(EVENT, "/id", "/data/object/id", "/livemode", "/none", "/data", "/data/id");
        assertThat(found.text(0)).contains("evt_1");
        assertThat(found.id(1)).contains("12345678901234567890"); // of two the first
        assertThat(found.text(1)).isEmpty();
        assertThat(found.flag(2)).contains(false);
        assertThat(found.text(3)).isEmpty();
        assertThat(found.id(4)).isEmpty();
        assertThat(found.text(5)).contains("inner");
    }

    @Test
    void a_number_with_a_fraction_or_an_exponent_is_no_id() {
        JsonFields.Found found = read("{\"a\":1.0,\"b\":1e3,\"c\":-7}", "/a", "/b", "/c");
        assertThat(found.id(0)).isEmpty();
        assertThat(found.id(1)).isEmpty();
        assertThat(found.id(2)).contains("-7");
    }

    @Test
    void undoes_escapes_in_names_and_strings() {
        String text = "{\"\\u0069d\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u20AC\\ud83d\\ude00é\"}";
        assertThat(read(text, "/id").text(0)).contains("\"\\/\b\f\n\r\t€😀é");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "[]",
                "1",
                "\"x\"",
                "{",
                "}",
                "{}{}",
                "{} x",
                "{,}",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{a:1}",
                "{'a':1}",
                "{\"a\":01}",
                "{\"a\":-}",
                "{\"a\":1.}",
                "{\"a\":.5}",
                "{\"a\":+1}",
                "{\"a\":1e}",
                "{\"a\":1 2}",
                "{\"a\":truex}",
                "{\"a\":tru}",
                "{\"a\":NaN}",
                "{\"a\":[1,]}",
                "{\"a\":[1}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12g4\"}",
                "{\"a\":\"\\u12\"}",
                "{\"a\":\"\t\"}",
                "{\"a\":\"",
                "{\"a\":\"\\",
                "{\"a\":1}/**/",
                "{\"a\":{\"b\":]}}",
                "{\"a\":\"\u0000\"}"
            })
    void refuses_what_is_no_json_object(String text) {
        assertThat(isJson(text.getBytes(UTF_8))).isFalse();
        assertThat(isRead(text.getBytes(UTF_8))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0080",
                "\u00c0\u0080",
                "\u00c3",
                "\u00e0\u0080\u0080",
                "\u00ed\u00a0\u0080",
                "\u00f4\u0090\u0080\u0080",
                "\u00ff"
            })
    void refuses_bytes_that_are_not_utf_8(String bytes) {
        for (String text :
                List.of("{\"a\":\"%s\"}", "{\"%s\":1}", "{\"id\":\"%s\"}", "{\"a\":\"%s")) {
            assertThat(isRead(text.formatted(bytes).getBytes(ISO_8859_1))).isFalse();
        }
    }

    @Test
    void takes_500_levels_and_refuses_501() {
        assertThat(isRead(nested(499))).isTrue();
        assertThat(isJson(nested(499))).isTrue();
        assertThat(isRead(nested(500))).isFalse();
        assertThat(isJson(nested(500))).isFalse();
        assertThatExceptionOfType(UnreadableEventException.class)
                .isThrownBy(() -> JsonFields.of("/id").read(nested(500)))
                .withMessage("the body is nested deeper than 500 levels");
    }

    private static byte[] nested(int arrays) {
        return ("{\"a\":" + "[".repeat(arrays) + "]".repeat(arrays) + "}").getBytes(UTF_8);
    }

    @Test
    void takes_numbers_of_1000_characters_and_refuses_longer_ones() {
        assertThat(isRead(("{\"a\":" + "1".repeat(1000) + "}").getBytes(UTF_8))).isTrue();
        assertThat(isRead(("{\"a\":" + "1".repeat(1001) + "}").getBytes(UTF_8))).isFalse();
    }

    @Test
    void refuses_an_event_cut_at_any_byte() {
        byte[] whole = EVENT.strip().getBytes(UTF_8);
        for (int length = 0; length < whole.length; length++) {
            assertThat(isRead(java.util.Arrays.copyOf(whole, length))).isFalse();
        }
        assertThat(isRead(whole)).isTrue();
    }

    @Test
    void agrees_with_jackson_on_events_with_changed_bytes() {
        Random random = new Random(7);
        byte[] signs =
                "{}[]\":,\\ 0123456789-+.eEtrufalsn/\n\u0001x\u00c3\u00a9".getBytes(ISO_8859_1);
        int json = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] text = EVENT.getBytes(UTF_8);
            for (int change = random.nextInt(3); change >= 0; change--) {
                text[random.nextInt(text.length)] = signs[random.nextInt(signs.length)];
            }
            boolean expected = isJson(text);
            assertThat(isRead(text)).as(new String(text, UTF_8)).isEqualTo(expected);
            json += expected ? 1 : 0;
        }
        assertThat(json).isBetween(1_000, 19_000); // both happened
    }
}
