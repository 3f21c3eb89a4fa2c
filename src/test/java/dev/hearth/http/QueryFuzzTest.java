package dev.hearth.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

final class QueryFuzzTest {

    @FuzzTest(maxDuration = "60s")
    void any_query_is_read_or_refused(FuzzedDataProvider data) { // C8
        Query query;
        try {
            query = Query.parse(data.consumeRemainingAsString());
        } catch (RefusedException refused) {
            assertThat(refused.problem().status()).isEqualTo(400);
            return;
        }
        for (String name : query.names()) {
            assertThat(query.first(name)).contains(query.all(name).getFirst());
        }
    }
}
