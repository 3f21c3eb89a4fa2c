package dev.hearth.jobs;

import com.github.kagkarlsson.scheduler.serializer.Serializer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Data of jobs as JSON: readable for an operator, and a newer program still reads what an older one left.
final class JobData implements Serializer {
    private final JsonMapper mapper =
            JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    @Override
    public byte[] serialize(@Nullable Object data) {
        return data == null ? new byte[0] : mapper.writeValueAsBytes(data);
    }

    @Override
    public <T> @Nullable T deserialize(Class<T> type, byte @Nullable [] json) {
        return json == null || json.length == 0 ? null : mapper.readValue(json, type);
    }
}
