package dev.hearth.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.hearth.http.RefusedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestPathTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            nullValues = "-",
            value = {
                // front,             SCRIPT_NAME,        PATH_INFO, DOCUMENT_URI, REQUEST_URI,
                // path
                "nginx,               /a/b,               -,         /a/b,         /a/b?q,        /a/b",
                "nginx decoded,       /a b/c,             -,         /a b/c,       /a%20b/c,      /a b/c",
                "nginx root,          /,                  -,         /,            /,             /",
                "mod_proxy_fcgi,      /a/b,               -,         -,            /a/b?q,        /a/b",
                "lighttpd,            '',                 /a/b,      -,            /a/b,          /a/b",
                "mounted,             /app,               /a/b,      -,            /app/a/b,      /app/a/b",
                "mounted at root,     /,                  /a/b,      -,            /a/b,          /a/b",
                "mod_fcgid,           /bin/hearth.fcgi,   /a/b,      -,            /bin/hearth.fcgi/a/b, /a/b",
                "cgi,                 /cgi-bin/hearth.cgi, /a,       -,            /x,            /a",
                "relay by name,       /cgi-bin/hearth.cgi, -,        -,            /cgi-bin/hearth.cgi?q, /",
                "relay by a rewrite,  /hearth.fcgi,       -,         -,            /a%20b?q,      /a b",
                "jetty,               -,                  -,         /a/b,         -,             /a/b",
                "only a uri,          -,                  -,         -,            /a%20b?c=d,    /a b",
                "a question,          -,                  -,         -,            /a?b?c,        /a",
            })
    void every_front_server_leads_to_the_same_route(
            String front,
            String script,
            String info,
            String document,
            String uri,
            String path,
            @TempDir Path folder)
            throws IOException { // C11, I8, I16, T22
        CgiVariables variables = new CgiVariables();
        add(variables, "SCRIPT_NAME", script);
        add(variables, "PATH_INFO", info);
        add(variables, "DOCUMENT_URI", document);
        add(variables, "REQUEST_URI", uri);
        if (front.startsWith("relay")) {
            Path program = Files.createFile(folder.resolve("hearth.cgi"));
            variables.with("SCRIPT_FILENAME", program.toString());
        }
        assertThat(RequestPath.of(variables.variables())).as(front).isEqualTo(path);
    }

    private static void add(CgiVariables variables, String name, String value) {
        if (value != null) {
            variables.with(name, value);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/..",
                "/a/../b",
                "/./a",
                "//",
                "/a//b",
                "/a\n",
                "/a\r",
                "/a\u001b",
                "a",
                "/\u00ff"
            })
    void a_path_with_two_meanings_is_refused_wherever_it_stands(String path) { // C5, T20, T22
        for (String name : new String[] {"SCRIPT_NAME", "DOCUMENT_URI", "REQUEST_URI"}) {
            Variables variables = new CgiVariables().with(name, path).variables();
            assertThatExceptionOfType(RefusedException.class)
                    .as(name)
                    .isThrownBy(() -> RequestPath.of(variables))
                    .satisfies(refused -> assertThat(refused.problem().status()).isEqualTo(400));
        }
        Variables mounted =
                new CgiVariables()
                        .with("SCRIPT_NAME", "/app")
                        .with("PATH_INFO", "/x" + path)
                        .variables();
        if (path.startsWith("/")) {
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() -> RequestPath.of(mounted));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/%2e%2e/x,  /%2e%2e/x",
        "/a%2fb, /a%2fb",
        "/%zz, /%zz",
        "/a;x=y, /a;x=y",
        "/a\\b, /a\\b"
    })
    void what_the_front_server_decoded_is_not_decoded_again(String info, String path) { // C5, T22
        assertThat(RequestPath.of(new CgiVariables().with("PATH_INFO", info).variables()))
                .isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%2e%2e/x", "/a%2fb", "/a%00b", "/a%0ab", "/%ff", "/%zz", "/%"})
    void a_raw_uri_is_held_to_the_same_rule(String uri) { // T22
        Variables variables = new CgiVariables().with("REQUEST_URI", uri).variables();
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> RequestPath.of(variables));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Ⱥ", "İ", "ß"})
    void letters_keep_their_case_and_their_number(String letter) { // T22
        StringBuilder raw = new StringBuilder("/");
        for (byte b : letter.getBytes(StandardCharsets.UTF_8)) {
            raw.append((char) (b & 0xff));
        }
        assertThat(
                        RequestPath.of(
                                new CgiVariables().with("SCRIPT_NAME", raw.toString()).variables()))
                .isEqualTo("/" + letter);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "proxy:fcgi://localhost/a/b.cgi", "/var/empty/a/b.cgi", "\0"})
    void a_client_cannot_make_a_path_a_program_by_its_name(String file) { // C11, T22
        CgiVariables sent = CgiVariables.get("/a/b.cgi").with("REQUEST_URI", "/a/b.cgi");
        Variables variables = sent.variables().with("SCRIPT_FILENAME", file);
        assertThat(RequestPath.of(variables)).isEqualTo("/a/b.cgi");
    }

    @Test
    void a_path_that_was_translated_to_a_file_is_not_looked_at() { // C7
        assertThat(
                        RequestPath.of(
                                CgiVariables.get("/a")
                                        .with("PATH_TRANSLATED", "/etc/passwd")
                                        .with("SCRIPT_FILENAME", "proxy:fcgi://localhost/b")
                                        .variables()))
                .isEqualTo("/a");
    }

    @Test
    void a_request_without_any_path_is_refused() { // C11
        Variables variables = new CgiVariables().with("REQUEST_METHOD", "GET").variables();
        assertThatExceptionOfType(RefusedException.class)
                .isThrownBy(() -> RequestPath.of(variables));
    }
}
