package dev.hearth.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.Await;
import dev.hearth.testing.StripeWebhook;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/// The site for someone who has a keyboard and no pointer, or to whom nothing may move.
class OperatorKeyboardIT extends OperatorBrowserFixture {
    /// What Tab is expected to reach, in the order of the document, which is the one that is read out.
    private static final String REACHABLE =
            """
            return [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]')]
                .filter(each => !each.disabled && each.checkVisibility()).length;
            """;

    /// Where the focus is: its place among those, and how it is shown.
    private static final String FOCUSED =
            """
            const here = document.activeElement;
            const all = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]')]
                .filter(each => !each.disabled && each.checkVisibility());
            const style = getComputedStyle(here);
            const box = here.getBoundingClientRect();
            return {
                index: all.indexOf(here),
                what: here.outerHTML.slice(0, 120),
                outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
                seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0
                    && box.top < innerHeight && box.left < innerWidth,
                inMain: document.querySelector('main').contains(here),
                left: box.left, right: box.right, top: box.top + scrollY, bottom: box.bottom + scrollY,
            };
            """;

    /// One stop of a walk by Tab.
    private record Stop(
            int index,
            String what,
            double outline,
            boolean seen,
            boolean inMain,
            double left,
            double right,
            double top,
            double bottom) {

        static Stop of(Map<?, ?> told) {
            return new Stop(
                    ((Number) told.get("index")).intValue(),
                    String.valueOf(told.get("what")),
                    number(told, "outline"),
                    Boolean.TRUE.equals(told.get("seen")),
                    Boolean.TRUE.equals(told.get("inMain")),
                    number(told, "left"),
                    number(told, "right"),
                    number(told, "top"),
                    number(told, "bottom"));
        }

        private static double number(Map<?, ?> told, String name) {
            return ((Number) told.get(name)).doubleValue();
        }

        /// Whether the eye goes back for it: wholly above the other, and not in a column to the right of it.
        boolean isBefore(Stop other) {
            return bottom <= other.top && left < other.right;
        }
    }

    private Map<String, String> pages() throws Exception {
        String payment = pay("order-k");
        receive(StripeWebhook.event("evt_keys"));
        Map<String, String> pages = new TreeMap<>(PAGES);
        pages.put("payment", "/payments/" + payment);
        pages.put("subscriptions", "/payments/subscriptions");
        pages.put("invoices", "/payments/invoices");
        pages.put(
                "event",
                "/events/" + idOf("SELECT id FROM webhook_inbox WHERE external_id = 'evt_keys'"));
        return pages;
    }

    private List<Stop> walk() {
        int reachable = ((Number) browser.run(REACHABLE)).intValue();
        List<Stop> stops = new ArrayList<>();
        for (int i = 0; i < reachable; i++) {
            browser.press(Keys.TAB);
            stops.add(focused());
        }
        return stops;
    }

    private Stop focused() {
        return Stop.of((Map<?, ?>) browser.run(FOCUSED));
    }

    @Test
    void tab_goes_through_each_page_as_it_is_read_and_always_shows_where_it_is() throws Exception {
        Map<String, String> pages = pages();
        browser.go(page("/sign-in"));
        requireReadable("sign-in", walk());
        signIn("anna");
        for (Map.Entry<String, String> each : pages.entrySet()) {
            browser.go(page(each.getValue()));
            // A list that grows meanwhile would have other things to reach.
            browser.run(
                    "document.querySelectorAll('[data-list]').forEach(list => list.append(Object.assign(document.createElement('input'), {type: 'checkbox', checked: true, hidden: true})))");

            List<Stop> stops = walk();

            assertThat(stops.getFirst().what()).as(each.getKey()).contains("To the content");
            requireReadable(each.getKey(), stops);
        }
        browser.wide(390).go(page("/payments"));
        requireReadable("payments on a phone", walk());
    }

    private static void requireReadable(String page, List<Stop> stops) {
        for (int i = 0; i < stops.size(); i++) {
            Stop stop = stops.get(i);
            assertThat(stop.index()).as("%s: %s", page, stop.what()).isEqualTo(i);
            assertThat(stop.outline())
                    .as("%s: outline of %s", page, stop.what())
                    .isGreaterThanOrEqualTo(2);
            assertThat(stop.seen()).as("%s: %s is in sight", page, stop.what()).isTrue();
            if (i > 0 && stop.inMain() && stops.get(i - 1).inMain()) {
                assertThat(stop.isBefore(stops.get(i - 1)))
                        .as("%s: %s after %s", page, stop.what(), stops.get(i - 1).what())
                        .isFalse();
            }
        }
    }

    @Test
    void the_first_key_leads_past_the_menu() {
        signIn("anna");
        browser.go(page("/events")).press(Keys.TAB).press(Keys.ENTER).press(Keys.TAB);

        assertThat(focused().inMain()).isTrue();
        assertThat(browser.run("return document.activeElement.name")).isEqualTo("source");
    }

    @Test
    void a_question_that_is_refused_gives_the_focus_back() throws Exception {
        receive(StripeWebhook.event("evt_asked"));
        signIn("anna");
        browser.go(page("/events"));
        browser.run("document.querySelector('input[name=id]').focus()");
        browser.press(Keys.SPACE);
        browser.run("document.querySelector('button[formaction$=ignore]').focus()");
        browser.press(Keys.ENTER);

        assertThat(browser.refuse()).contains("Mark the chosen events as ignored?");

        assertThat(browser.run("return document.activeElement.textContent"))
                .isEqualTo("Ignore chosen");
        assertThat(browser.path()).isEqualTo("/operator/events");
    }

    @Test
    void the_focus_stays_on_its_row_when_a_new_event_arrives() throws Exception {
        receive(StripeWebhook.event("evt_old"));
        signIn("anna");
        browser.go(page("/events"));
        browser.run("document.querySelector('tbody a').focus()");
        Object focused = browser.run("return document.activeElement.href");

        receive(StripeWebhook.event("evt_new"));

        Await.until("it arrives", () -> browser.text().contains("evt_new"));
        assertThat(focused).isNotNull();
        assertThat(browser.run("return document.activeElement.href")).isEqualTo(focused);
        assertThat(browser.text()).contains("evt_old");
    }

    @Test
    void nothing_moves_by_itself() throws Exception {
        Map<String, String> pages = pages();
        browser.keptStill();
        signIn("anna");
        assertThat(browser.run("return matchMedia('(prefers-reduced-motion: reduce)').matches"))
                .isEqualTo(true);
        for (Map.Entry<String, String> each : pages.entrySet()) {
            browser.go(page(each.getValue()));

            assertThat(
                            browser.run(
                                    """
                                    return [...document.querySelectorAll('*')].filter(each => {
                                        const style = getComputedStyle(each);
                                        return style.animationName !== 'none' || style.scrollBehavior !== 'auto'
                                            || style.transitionDuration.split(',').some(time => parseFloat(time) > 0);
                                    }).map(each => each.outerHTML.slice(0, 120));
                                    """))
                    .as(each.getKey())
                    .isEqualTo(List.of());
        }
    }
}
