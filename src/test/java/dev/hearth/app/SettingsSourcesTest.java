package dev.hearth.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Where values come from, and which counts.
class SettingsSourcesTest extends SettingsFixture {

    @Test
    void the_environment_overrides_the_file_and_options_override_both() throws Exception {
        String toml =
                """
                data = "from-file"
                http = "127.0.0.1:1"
                [stripe]
                api_base = "http://file"
                """;
        Settings settings =
                load(
                        toml,
                        Map.of(
                                "HEARTH_DATA", "from-environment",
                                "HEARTH_STRIPE_API_BASE", "http://environment",
                                "HEARTH_LISTEN", "127.0.0.1:9000, 127.0.0.1:9001"),
                        Options.parse(List.of("--data", "from-option", "--http=off"))
                                .orElseThrow());

        assertThat(settings.data()).isEqualTo(Path.of("from-option"));
        assertThat(settings.stripe().apiBase()).isEqualTo("http://environment");
        assertThat(settings.listen()).containsExactly("127.0.0.1:9000", "127.0.0.1:9001");
        assertThat(settings.http()).isEmpty();
        assertThat(settings.origins().get("data")).hasToString("option --data");
        assertThat(settings.origins().get("stripe.api_base"))
                .hasToString("environment variable HEARTH_STRIPE_API_BASE");
    }

    @Test
    void every_declared_key_can_be_set_by_its_variable() throws Exception {
        Map<String, String> examples = new HashMap<>();
        for (SettingKey key : SettingKey.ALL) {
            String name = named(key);
            examples.put(
                    SettingKey.environmentVariable(name),
                    switch (name) {
                        case "http" -> "off";
                        case "log.level" -> "warn";
                        case "log.access", "log.format" -> "json";
                        case "operator.prefix" -> "/back-office";
                        case "tracing.endpoint" -> "http://collector:4318";
                        case "fastcgi.overload" -> "overloaded";
                        case "fastcgi.socket_mode" -> "0600";
                        case "fastcgi.allowed_users" -> "root";
                        case "fastcgi.allowed_clients",
                                "trusted_proxies",
                                "metrics.allow",
                                "status.allow" ->
                                "127.0.0.1,::1";
                        case "status.path", "ping.path" -> "/path";
                        case "webhook.my-shop.previous_until", "outgoing.my-shop.previous_until" ->
                                "2026-12-01T00:00:00Z";
                        default ->
                                switch (key.kind()) {
                                    case INTEGER -> "7";
                                    case RATIO -> "0.7";
                                    case DURATION -> "7s";
                                    case SIZE -> "7KiB";
                                    case FLAG -> "true";
                                    case TEXT, LIST, SECRET -> "text";
                                };
                    });
        }

        Settings settings = load("", examples, Options.NONE);

        assertThat(settings.notices()).isEmpty();
        assertThat(settings.webhooks()).containsOnlyKeys("my-shop");
        assertThat(settings.outgoing()).containsOnlyKeys("my-shop");
        for (SettingKey key : SettingKey.ALL) {
            String name = named(key);
            assertThat(settings.origins().get(name))
                    .as(name)
                    .isInstanceOf(Origin.Environment.class);
        }
    }

    @Test
    void every_declared_key_is_looked_up_and_every_key_that_is_looked_up_is_declared()
            throws Exception {
        Settings settings =
                load(
                        "webhook.my-shop.scheme = \"hmac\"\noutgoing.my-shop.allow_private = true",
                        Map.of(),
                        Options.NONE);

        assertThat(settings.origins().keySet())
                .containsExactlyInAnyOrderElementsOf(
                        SettingKey.ALL.stream()
                                .map(SettingsSourcesTest::named)
                                // read where they are used: an article has no line without an
                                // amount
                                .filter(name -> !name.startsWith("catalog."))
                                .toList());
    }

    private static String named(SettingKey key) {
        String name = key.name();
        for (String placeholder : SettingKey.NAMED.values()) {
            name = name.replace(placeholder, "my-shop");
        }
        return name;
    }

    @Test
    void secrets_come_from_files_and_from_the_credentials_directory() throws Exception {
        Path file = Files.writeString(folder.resolve("s"), "whsec_from_file\n");
        Path credentials = Files.createDirectory(folder.resolve("credentials"));
        Files.writeString(credentials.resolve("stripe.api_key"), "sk_credential\n");
        Files.writeString(credentials.resolve("unrelated"), "x");

        Settings settings =
                load(
                        "[stripe]\napi_key = \"sk_file\"\n",
                        Map.of(
                                "HEARTH_WEBHOOK_STRIPE_SECRET_FILE", file.toString(),
                                "CREDENTIALS_DIRECTORY", credentials.toString()),
                        Options.NONE);

        assertThat(source(settings, "stripe").secret()).contains(new Secret("whsec_from_file"));
        assertThat(settings.stripe().apiKey()).contains(new Secret("sk_credential"));
        assertThat(settings.origins().get("stripe.api_key"))
                .isEqualTo(new Origin.SecretFile(credentials.resolve("stripe.api_key")));
    }

    @Test
    void an_unknown_variable_is_a_notice_and_an_empty_one_is_not_set() throws Exception {
        Settings settings =
                load("", Map.of("HEARTH_STRIP_API_KEY", "x", "HEARTH_HTTP", ""), Options.NONE);

        assertThat(settings.notices())
                .containsExactly(
                        "the environment variable HEARTH_STRIP_API_KEY is not known and was"
                                + " ignored");
        assertThat(settings.isSet("http")).isFalse();
    }

    @Test
    void port_opens_http_to_the_network_as_container_hosts_ask() throws Exception {
        assertThat(load("", Map.of("PORT", "3000"), Options.NONE).http())
                .contains(new HostPort("0.0.0.0", 3000));
        assertThat(load("http = \"off\"", Map.of("PORT", "3000"), Options.NONE).http()).isEmpty();
    }

    @Test
    void a_missing_file_that_was_asked_for_is_an_error() {
        Options options = Options.parse(List.of("--config", "/nonexistent.toml")).orElseThrow();

        assertThatExceptionOfType(StartException.class)
                .isThrownBy(() -> Settings.load(options, Map.of()))
                .withMessage(
                        "cannot read the configuration /nonexistent.toml: there is no such file or"
                                + " folder");
    }
}
