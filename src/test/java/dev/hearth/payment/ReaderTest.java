package dev.hearth.payment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A year of a busy shop has more events than anyone would want in memory at once.
class ReaderTest {
    private static final int PAGES = 300;

    private int page;

    private StripeReply next(StripeCall call) {
        assertThat(call.parameters().getOrDefault("starting_after", "none"))
                .isEqualTo(page == 0 ? "none" : "evt_" + page);
        page++;
        return new StripeReply.Done(
                Json.read(
                        "{\"data\":[{\"id\":\"evt_%d\"}],\"has_more\":%s}"
                                .formatted(page, page < PAGES)),
                Optional.empty());
    }

    @Test
    void a_long_list_is_read_to_its_end() throws Exception {
        assertThat(new Reader(this::next).list("/v1/events", "created[gte]", "0"))
                .hasSize(PAGES)
                .last()
                .satisfies(last -> assertThat(Json.text(last, "id")).hasValue("evt_" + PAGES));
    }
}
