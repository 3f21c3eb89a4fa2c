package dev.hearth.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.kagkarlsson.scheduler.serializer.Serializer;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Data of jobs as JSON: readable for an operator, and a newer program still reads what an older one left.
///
/// What the scheduler carries is [KeptData]; the program's own type is only known where the job is declared.
final class JobData implements Serializer {
    /// No record has a component of this name.
    private static final String ORIGIN = "hearth.origin";

    private final JsonMapper mapper =
            JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    /// What is kept of a program's data.
    KeptData kept(@Nullable Object data, String origin) {
        byte[] json = data == null ? new byte[0] : mapper.writeValueAsBytes(data);
        boolean hasRoom =
                json.length > 1
                        && json[0] == '{'
                        && !(data instanceof Map<?, ?> || data instanceof JsonNode);
        return new KeptData(json, hasRoom ? origin : "");
    }

    /// The program's data, or null where none was given.
    <T> @Nullable T data(KeptData kept, Class<T> type) {
        return kept.json().length == 0 ? null : mapper.readValue(kept.json(), type);
    }

    @Override
    public byte[] serialize(@Nullable Object data) {
        return data instanceof KeptData kept ? withOrigin(kept) : new byte[0];
    }

    private byte[] withOrigin(KeptData kept) {
        byte[] json = kept.json();
        if (kept.origin().isEmpty()) {
            return json;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(json.length + 100);
        out.writeBytes("{\"%s\":".formatted(ORIGIN).getBytes(UTF_8));
        out.writeBytes(mapper.writeValueAsBytes(kept.origin()));
        out.writeBytes((json[1] == '}' ? "" : ",").getBytes(UTF_8));
        out.write(json, 1, json.length - 1);
        return out.toByteArray();
    }

    @Override
    public <T> @Nullable T deserialize(Class<T> type, byte @Nullable [] json) {
        if (!type.equals(KeptData.class)) {
            return null; // a job that comes back has no data
        }
        byte[] kept = json == null ? new byte[0] : json;
        return type.cast(new KeptData(kept, originIn(kept)));
    }

    private String originIn(byte[] json) {
        if (json.length == 0) {
            return "";
        }
        try (JsonParser parser = mapper.createParser(json)) {
            return parser.nextToken() == JsonToken.START_OBJECT
                            && ORIGIN.equals(parser.nextName())
                            && parser.nextToken() == JsonToken.VALUE_STRING
                    ? parser.getString()
                    : "";
        }
    }
}
