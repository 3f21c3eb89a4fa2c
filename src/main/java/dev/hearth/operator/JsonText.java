package dev.hearth.operator;

import dev.hearth.operator.EventPages.Field;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// A body as people can read it: JSON with its lines apart, other text as it is, bytes in hexadecimal. Cut where it
/// would make a page too long.
record JsonText(String text, boolean cut, long bytes) {
    private static final int LONGEST = 40_000;
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    static JsonText of(byte[] body) {
        String text = readable(body);
        return text.length() <= LONGEST
                ? new JsonText(text, false, body.length)
                : new JsonText(text.substring(0, LONGEST), true, body.length);
    }

    private static String readable(byte[] body) {
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
            // Longer ones would be cut anyway: no need to read them whole.
            return body.length > 4 * LONGEST ? text : pretty(text);
        } catch (CharacterCodingException binary) {
            return HexFormat.ofDelimiter(" ")
                    .formatHex(body, 0, Math.min(body.length, LONGEST / 3));
        }
    }

    private static String pretty(String text) {
        try {
            return JSON.writeValueAsString(JSON.readTree(text));
        } catch (JacksonException other) {
            return text;
        }
    }

    /// The members of an object, as text.
    static List<Field> fields(String json) {
        List<Field> fields = new ArrayList<>();
        try {
            JsonNode object = JSON.readTree(json);
            object.properties()
                    .forEach(member ->
                            fields.add(
                                    new Field(
                                            member.getKey(),
                                            member.getValue().isString()
                                                    ? member.getValue().asString()
                                                    : member.getValue().toString())));
        } catch (JacksonException other) {
            fields.add(new Field("unreadable", json));
        }
        return fields;
    }
}
