package dev.hearth.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hearth.webhook.PermanentFailureException;
import java.util.ArrayList;
import java.util.List;
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

    @Test
    void a_list_that_has_always_more_of_the_same_ends_with_a_word() {
        List<String> asked = new ArrayList<>();
        Reader reader =
                new Reader(call -> {
                    asked.add(call.path());
                    return new StripeReply.Done(
                            Json.read("{\"data\":[{\"id\":\"evt_1\"}],\"has_more\":true}"),
                            Optional.empty());
                });

        assertThatExceptionOfType(PermanentFailureException.class)
                .isThrownBy(() -> reader.list("/v1/events"))
                .withMessage("/v1/events says that it has more, and gives the same page again");
        assertThat(asked).hasSize(2);
    }

    @Test
    void an_id_is_one_part_of_a_path() throws Exception {
        List<String> asked = new ArrayList<>();
        Reader reader =
                new Reader(call -> {
                    asked.add(call.path());
                    return new StripeReply.Done(Json.read("{}"), Optional.empty());
                });
        reader.object("/v1/refunds", "re_3f2b-9a_B7");
        assertThat(asked).containsExactly("/v1/refunds/re_3f2b-9a_B7");
        for (String other : List.of("", "..", "re_1/..", "re_1?a=b", "re_1#", "re%2f1")) {
            assertThatExceptionOfType(PermanentFailureException.class)
                    .as(other)
                    .isThrownBy(() -> reader.object("/v1/refunds", other));
        }
        assertThat(asked).hasSize(1);
    }
}
