package dev.hearth.app;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.testing.Await;
import dev.hearth.testing.HearthProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A newcomer clicks through payments, without an account.
class SandboxIT {
    private static final Pattern ADDRESS = Pattern.compile("something at (http://[0-9.:]+)");
    private static final String VISA = "card=4242424242424242";

    @TempDir Path folder;
    private final HttpClient browser =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();

    @AfterEach
    void close() {
        browser.close();
    }

    private HearthProcess serve() throws IOException {
        return HearthProcess.in(folder).options("--sandbox").start();
    }

    private static URI start(HearthProcess hearth) {
        Matcher matcher = ADDRESS.matcher(hearth.output());
        assertThat(matcher.find()).as(hearth.output()).isTrue();
        return URI.create(matcher.group(1) + "/");
    }

    private HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
        return browser.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(URI uri, String form)
            throws IOException, InterruptedException {
        return browser.send(
                HttpRequest.newBuilder(uri)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build(),
                BodyHandlers.ofString());
    }

    private static URI location(HttpResponse<?> response) {
        assertThat(response.statusCode()).isEqualTo(303);
        return response.uri().resolve(response.headers().firstValue("Location").orElseThrow());
    }

    private void awaitStatus(URI back, String status) {
        Await.until(
                "Hearth says " + status, () -> get(back).body().contains("Hearth says: " + status));
    }

    @Test
    void a_cake_is_bought_after_a_card_was_declined() throws Exception {
        try (HearthProcess hearth = serve()) {
            URI shop = start(hearth);
            assertThat(get(shop).body()).contains("Sandbox: no money moves");
            URI page = location(post(shop.resolve("/buy"), "what=checkout"));
            assertThat(get(page).body()).contains("Pay 12.50 EUR", "Sandbox: no money moves");

            HttpResponse<String> declined = post(page, "card=4000000000000002");
            assertThat(declined.statusCode()).isEqualTo(200);
            assertThat(declined.body()).contains("not accepted");
            URI returning = location(post(page, VISA));
            assertThat(returning.getPath()).isEqualTo("/checkout/return");

            awaitStatus(location(get(returning)), "paid");
            assertThat(hearth.stop()).isZero();
            assertThat(folder.resolve("data/sandbox/hearth.db")).exists();
            assertThat(folder.resolve("data/hearth.db")).doesNotExist();
        }
    }

    @Test
    void a_card_that_asks_is_confirmed_on_a_page_of_its_own() throws Exception {
        try (HearthProcess hearth = serve()) {
            URI shop = start(hearth);
            URI page = location(post(shop.resolve("/buy"), "what=checkout"));
            post(page, "card=4000002500003155");
            assertThat(get(page).body()).contains("Is it you");

            URI returning = location(post(page, "confirm=yes"));

            awaitStatus(location(get(returning)), "paid");
        }
    }

    @Test
    void a_subscription_and_an_invoice_are_paid_there_too() throws Exception {
        try (HearthProcess hearth = serve()) {
            URI shop = start(hearth);
            URI monthly = location(post(shop.resolve("/buy"), "what=subscription"));
            awaitStatus(location(post(monthly, VISA)), "active");

            URI invoice = location(post(shop.resolve("/buy"), "what=invoice"));
            assertThat(get(invoice).body()).contains("Order demo-");
            assertThat(post(invoice, VISA).body()).contains("Invoice of 12.50 EUR: paid");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "HEARTH_STRIPE_API_KEY, sk_live_planted, stripe.api_key",
        "HEARTH_STRIPE_API_KEY, sk_test_planted, stripe.api_key",
        "HEARTH_DATABASE_URL, jdbc:postgresql://127.0.0.1/shop, database.url",
        "HEARTH_HTTP, off, HTTP is off",
        "HEARTH_HTTP, 0.0.0.0:0, this machine only"
    })
    void nothing_real_is_played_with(String variable, String value, String why) throws Exception {
        HearthProcess.Result result =
                HearthProcess.in(folder).environment(variable, value).run("serve", "--sandbox");

        assertThat(result.exitCode()).isEqualTo(ExitCode.CONFIG.code());
        assertThat(result.output()).contains("--sandbox: ", why).doesNotContain("planted");
        assertThat(Files.exists(folder.resolve("data"))).isFalse();
    }

    @Test
    void a_page_of_another_name_is_not_served() throws Exception {
        try (HearthProcess hearth = serve()) {
            URI shop = start(hearth);
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), shop.getPort())) {
                socket.getOutputStream()
                        .write(
                                "GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
                                        .getBytes(US_ASCII));
                assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
                        .contains(" 421 ");
            }
        }
    }
}
