package dev.hearth.web;

import static dev.hearth.web.Layered.OK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.http.Request;
import dev.hearth.http.Requests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
final class TraceContextTest {
    private static TraceContext trace(String traceparent) throws Exception {
        Request request = Requests.of("GET", "/").with("traceparent", traceparent).request();
        TraceContext.layer().wrap(OK).handle(request);
        return TraceContext.of(request).orElseThrow();
    }

    @Test
    void a_trace_goes_on_with_a_span_of_our_own() throws Exception {
        String sent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        TraceContext context = trace(sent);
        assertThat(context.traceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
        assertThat(context.parentId()).contains("b7ad6b7169203331");
        assertThat(context.traceparent())
                .matches("00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01")
                .isNotEqualTo(sent);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "garbage",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-extra",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0g"
            })
    void what_is_malformed_begins_a_new_trace(String sent) throws Exception {
        TraceContext context = trace(sent);
        assertThat(context.parentId()).isEmpty();
        assertThat(context.traceparent()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00");
    }

    @Test
    void a_later_version_may_say_more() throws Exception {
        assertThat(trace("01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more").parentId())
                .isPresent();
    }
}
