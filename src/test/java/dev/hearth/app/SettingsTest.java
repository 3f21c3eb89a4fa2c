package dev.hearth.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hearth.fastcgi.Limits;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest extends SettingsFixture {

    @Test
    void nothing_configured_listens_in_the_data_folder_and_on_loopback() throws Exception {
        Settings settings = load("");

        assertThat(settings.data()).isEqualTo(Path.of("data"));
        assertThat(settings.listen()).containsExactly("unix:data/hearth.sock");
        assertThat(settings.http()).contains(new HostPort("127.0.0.1", 8080));
        assertThat(settings.webhooks()).isEmpty();
        assertThat(settings.stripe().apiKey()).isEmpty();
        assertThat(settings.origins().get("data")).isEqualTo(new Origin.Default());
    }

    @Test
    void every_value_of_the_file_is_read() throws Exception {
        Settings settings =
                load(
                        """
                        data = "/var/lib/hearth"
                        listen = ["unix:/run/hearth.sock", "127.0.0.1:9000"]
                        http = "off"
                        [database]
                        url = "jdbc:postgresql://db/hearth"
                        user = "hearth"
                        password = "pg-secret"
                        pool_size = 16
                        [stripe]
                        api_key = "sk_test_1"
                        api_base = "http://127.0.0.1:12111"
                        [webhook.stripe]
                        secret = "whsec_new"
                        previous_secret = "whsec_old"
                        previous_until = 2026-12-01T00:00:00Z
                        [webhook.my-shop]
                        scheme = "shopify"
                        secret = "hush"
                        [limits]
                        body = "2MiB"
                        [stop]
                        grace = "5s"
                        [log]
                        level = "debug"
                        """);

        assertThat(settings.listen()).containsExactly("unix:/run/hearth.sock", "127.0.0.1:9000");
        assertThat(settings.http()).isEmpty();
        assertThat(settings.database().url()).contains("jdbc:postgresql://db/hearth");
        assertThat(settings.database().password()).contains(new Secret("pg-secret"));
        assertThat(settings.database().poolSize()).isEqualTo(16);
        assertThat(settings.stripe().apiBase()).isEqualTo("http://127.0.0.1:12111");
        assertThat(settings.webhooks()).containsOnlyKeys("my-shop", "stripe");
        assertThat(source(settings, "stripe").previousUntil())
                .contains(Instant.parse("2026-12-01T00:00:00Z"));
        assertThat(source(settings, "my-shop").scheme()).isEqualTo("shopify");
        assertThat(settings.bodyLimit()).isEqualTo(2 << 20);
        assertThat(settings.stopGrace()).isEqualTo(Duration.ofSeconds(5));
        assertThat(String.valueOf(settings.origins().get("database.pool_size")))
                .endsWith("hearth.toml:8");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[stripe];apikey = \"x\" | hearth.toml:2: unknown key \"stripe.apikey\"; did you"
                        + " mean \"stripe.api_key\"?",
                "lisen = \"x\" | hearth.toml:1: unknown key \"lisen\"; did you mean \"listen\"?",
                ";;webhook.stripe.secrt = \"x\" | hearth.toml:3: unknown key"
                        + " \"webhook.stripe.secrt\"; did you mean \"webhook.stripe.secret\"?",
                "[webhook.Bad_Name];secret = \"x\" | hearth.toml:2: unknown key"
                        + " \"webhook.Bad_Name.secret\"; the name \"Bad_Name\" may have small letters,"
                        + " digits and hyphens only",
                "[fastcgi];requests = 0 | hearth.toml:2: \"fastcgi.requests\" must be 1 to 1000000, was 0",
                "[fastcgi];requests = -5 | must be 1 to 1000000, was -5",
                "[fastcgi];requests = 1000001 | must be 1 to 1000000, was 1000001",
                "[fastcgi];connections = 0 | \"fastcgi.connections\" must be 1 to 1000000, was 0",
                "[fastcgi];waiting = -1 | \"fastcgi.waiting\" must be 0 to 1000000, was -1",
                "[fastcgi];params = 1023 | \"fastcgi.params\" must be 1024 to 67108864, was 1023",
                "[fastcgi];loops = 257 | \"fastcgi.loops\" must be 0 to 256, was 257",
                "[restart];after_requests = -1 | \"restart.after_requests\" must be 0 to",
                "[ping];path = \"/a/../b\" | \"ping.path\" must be a path such as \"/ping\", was /a/../b",
                "[status];path = \"/..\" | \"status.path\" must be a path such as",
                "[status];path = \"/a/.\" | \"status.path\" must be a path such as",
                "stripe = { apikey = \"x\" } | hearth.toml:1: unknown key \"stripe.apikey\"",
                "http = 8080 | hearth.toml:1: \"http\" must be text in quotes, was the number 8080",
                "http = \"8080\" | hearth.toml:1: \"http\" must be HOST:PORT, such as"
                        + " \"127.0.0.1:8080\", or \"off\", was 8080",
                "http = \"127.0.0.1:70000\" | a port is 0 to 65535, was 70000",
                "[database];pool_size = \"many\" | hearth.toml:2: \"database.pool_size\" must be a"
                        + " whole number, was \"many\"",
                "[database];pool_size = 1 | hearth.toml:2: \"database.pool_size\" must be 2 to"
                        + " 1000, was 1",
                "[database];pool_size = 1001 | hearth.toml:2: \"database.pool_size\" must be 2 to"
                        + " 1000, was 1001",
                "[inbox];threads = -1 | hearth.toml:2: \"inbox.threads\" must be 0 to 1000, was -1",
                "[inbox];threads = 1001 | hearth.toml:2: \"inbox.threads\" must be 0 to 1000, was"
                        + " 1001",
                "[inbox];threads = 0 | hearth.toml:2: \"inbox.threads\" must be 1 to 1000 on"
                        + " SQLite, where no other process would handle events, was 0",
                "data = \"a\\u0000b\" | hearth.toml:1: \"data\" must be text in quotes, has the character NUL at 1",
                "listen = [\"unix:\\u0000\"] | hearth.toml:1: \"listen\" must be text in quotes, or a list of"
                        + " them, has the character NUL at 5",
                ";webhook.stripe.secret_file = \"\\u0000\" | hearth.toml:2: \"webhook.stripe.secret_file\" must be"
                        + " text in quotes, has the character NUL at 0",
                "database.url = \"jdbc:sqlite:\\u0000\" | has the character NUL at 12",
                "data = [\"a\"] | hearth.toml:1: \"data\" must be text in quotes, was a list",
                "data.x = 1 | hearth.toml:1: unknown key \"data.x\"",
                "fastcgi.allowed_users = ['root', 'wwwdata'] | hearth.toml:1: \"fastcgi.allowed_users\" must be users of this system, was root, wwwdata (there is no user \"wwwdata\")",
                "listen = [1] | hearth.toml:1: \"listen\" must be text in quotes, or a list of"
                        + " them, was the number 1",
                "listen = [{a=1}] | hearth.toml:1: \"listen\" must be text in quotes, or a list of"
                        + " them, was a table",
                "[stop];grace = \"soon\" | hearth.toml:2: \"stop.grace\" must be a duration",
                "[stop];grace = \"36501d\" | was \"36501d\", longer than 36500d",
                "[fastcgi];write_timeout = \"999999999h\" | was \"999999999h\", longer than 36500d",
                "[limits];body = \"17179869185GiB\" | hearth.toml:2: \"limits.body\" must be a number of"
                        + " bytes, or a size in quotes such as \"64KiB\" or \"1MiB\", was \"17179869185GiB\"",
                "[log];level = \"loud\" | hearth.toml:2: \"log.level\" must be one of error, warn,"
                        + " info, debug, trace, was loud",
                "webhook.stripe.secret = \"\" | an empty secret would accept every forgery",
                "webhook.stripe.secret = \"a\";webhook.stripe.secret_file = \"b\" | keep one",
                "webhook.stripe.secret_file = \"/nonexistent/x\" | cannot read the file"
                        + " /nonexistent/x for \"webhook.stripe.secret\": there is no such file",
                "webhook.stripe.previous_until = \"tomorrow\" | it is not a time with a zone",
                "data = | hearth.toml:1: not TOML",
                ";;x y z | hearth.toml:3: not TOML",
            })
    void a_mistake_names_file_line_key_and_what_was_expected(String toml, String sentence) {
        assertThatExceptionOfType(StartException.class)
                .isThrownBy(() -> load(toml.replace(';', '\n')))
                .withMessageContaining(sentence)
                .satisfies(mistake -> assertThat(mistake.exitCode()).isEqualTo(ExitCode.CONFIG));
    }

    @Test
    void the_smallest_and_the_largest_numbers_are_taken() throws Exception {
        Settings smallest =
                load(
                        """
                        [fastcgi]
                        requests = 1
                        connections = 1
                        waiting = 0
                        params = 1024
                        [restart]
                        after_requests = 0
                        [ping]
                        path = "/.well-known/..ping"
                        """);
        assertThat(smallest.fastCgi().limits().requestsAtOnce()).isEqualTo(1);
        assertThat(smallest.fastCgi().limits().requestsWaiting()).isZero();
        assertThat(smallest.service().pingPath()).contains("/.well-known/..ping");

        Settings largest =
                load(
                        "[fastcgi]\nrequests = 1000000\nconnections = 1000000\nparams = 67108864\nloops = 256\n");
        assertThat(largest.fastCgi().limits().requestsAtOnce()).isEqualTo(1_000_000);
        assertThat(load("[fastcgi]\nwrite_timeout = \"36500d\"").fastCgi().limits().writeTimeout())
                .isEqualTo(Limits.LONGEST_TIME);
        assertThat(load("[limits]\nbody = \"1024GiB\"").bodyLimit()).isEqualTo(1L << 40);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1_000})
    void on_postgresql_a_process_handles_as_many_events_at_once_as_it_is_told(int threads)
            throws Exception {
        Settings settings =
                load(
                        "[database]\nurl = \"jdbc:postgresql://db/hearth\"\n[inbox]\nthreads = "
                                + threads);

        assertThat(settings.eventThreads()).isEqualTo(threads);
    }

    @Test
    void refuses_to_serve_nowhere_unless_it_is_told_so_in_words() throws Exception {
        assertThatExceptionOfType(StartException.class)
                .isThrownBy(() -> load("listen = []\nhttp = 'off'", Map.of(), Options.NONE))
                .withMessageEndingWith(
                        "hearth.toml:1: \"listen\" must be an address, since \"http\" is \"off\", or \"off\" where nobody is to be served, was []");
        assertThat(load("listen = []", Map.of(), Options.NONE).http()).isPresent();
        assertThat(load("listen = 'off'\nhttp = 'off'", Map.of(), Options.NONE).notices())
                .containsExactly(
                        "\"listen\" and \"http\" are both \"off\": nobody is served; events and jobs are handled");
    }

    @Test
    void all_mistakes_are_told_at_once() {
        assertThatExceptionOfType(StartException.class)
                .isThrownBy(() -> load("lisen = 1\nhttp = 2\n[database]\npool_size = 0\n"))
                .satisfies(mistake ->
                        assertThat(String.valueOf(mistake.getMessage()).lines()).hasSize(3));
    }

    @Test
    void a_line_is_right_behind_a_text_of_many_lines() {
        assertThatExceptionOfType(StartException.class)
                .isThrownBy(() -> load("data = \"\"\"\nhttp = 1\nx\"\"\"\nhttp = 8080\n"))
                .withMessageContaining("hearth.toml:4: \"http\"");
    }

    @Test
    void refuses_ids_that_are_forgotten_before_the_bodies_they_name() {
        assertThatExceptionOfType(StartException.class)
                .isThrownBy(() ->
                        load(
                                "",
                                Map.of(
                                        "HEARTH_INBOX_KEEP_BODIES_DAYS",
                                        "30",
                                        "HEARTH_INBOX_KEEP_IDS_DAYS",
                                        "29"),
                                Options.NONE))
                .withMessageContaining("at least inbox.keep_bodies_days, 30");
    }

    @Test
    void refuses_a_malformed_list_of_web_servers() { // F4
        assertThatExceptionOfType(StartException.class)
                .isThrownBy(() ->
                        load(
                                "",
                                Map.of("FCGI_WEB_SERVER_ADDRS", "127.0.0.1,example"),
                                Options.NONE))
                .satisfies(wrong ->
                        assertThat(wrong.getMessage())
                                .contains("FCGI_WEB_SERVER_ADDRS", "example"));
    }

    @Test
    void reads_the_proxies_that_are_trusted() throws Exception {
        Settings settings = load("http = \"off\"\ntrusted_proxies = [\"10.0.0.0/8\", \"::1\"]\n");
        assertThat(settings.trustedProxies()).hasSize(2);
        assertThatExceptionOfType(StartException.class)
                .isThrownBy(() -> load("trusted_proxies = \"proxy.example\"\n"))
                .withMessageContaining("\"trusted_proxies\" must be addresses or ranges");
    }

    @Test
    void reads_the_mode_of_sockets_as_octal_digits() throws Exception {
        Settings settings = load("[fastcgi]\nsocket_mode = \"0640\"\n");
        assertThat(PosixFilePermissions.toString(settings.fastCgi().socketPermissions()))
                .isEqualTo("rw-r-----");
        assertThatExceptionOfType(StartException.class)
                .isThrownBy(() -> load("[fastcgi]\nsocket_mode = \"0888\"\n"));
    }

    @Test
    void a_secret_is_never_printed() throws Exception {
        Settings settings = load("[webhook.stripe]\nsecret = \"whsec_planted\"\n");

        assertThat(settings.toString()).doesNotContain("planted");
        assertThatExceptionOfType(StartException.class)
                .isThrownBy(() -> load("[stripe]\napi_key = [\"sk_planted\"]\n"))
                .satisfies(wrong -> assertThat(wrong.getMessage()).doesNotContain("planted"));
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://db:5433/shop?user=a&ssl=true, jdbc:postgresql://db:5433/shop?user=a&ssl=true",
        "jdbc:postgresql://db:5433/shop?password=b&user=a, jdbc:postgresql://db:5433/shop?password=***&user=a",
        "jdbc:postgresql://a:b@db:5433/shop, jdbc:postgresql://a:***@db:5433/shop",
    })
    void of_a_databases_url_all_but_the_password_is_shown(String url, String shown)
            throws Exception {
        assertThat(ShownSettings.of(load("[database]\nurl = \"" + url + "\"\n")))
                .filteredOn(line -> line.key().equals("database.url"))
                .singleElement()
                .matches(line -> line.value().equals(shown));
    }
}
