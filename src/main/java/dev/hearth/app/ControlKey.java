package dev.hearth.app;

import dev.hearth.http.Problem;
import dev.hearth.http.Request;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Map;

/// The key by which commands on this machine ask the running Hearth for what is nobody else's business: who can read it in
/// the data folder may ask. For all others there is nothing at those paths.
record ControlKey(Secret secret) {

    /// The key in the data folder of these settings, made where there is none.
    static ControlKey ofServer(Settings settings) throws StartException {
        return new ControlKey(DataFolder.secret(settings.data(), settings.controlKeyFile()));
    }

    /// The key that a Hearth has made in the data folder.
    ///
    /// @throws StartException if none has
    static ControlKey ofCommand(Settings settings) throws StartException {
        Path file = settings.controlKeyFile();
        return new ControlKey(
                DataFolder.readSecret(file)
                        .orElseThrow(() ->
                                new StartException(
                                        ExitCode.UNAVAILABLE,
                                        "there is no %s: no Hearth was started with this data folder"
                                                .formatted(file.toAbsolutePath()))));
    }

    /// What shows that the client knows the key.
    Map<String, String> headers() {
        return Map.of("Authorization", authorization());
    }

    private String authorization() {
        return "Bearer " + secret.value();
    }

    /// Refuses with 404 whoever does not know it.
    void require(Request request) {
        byte[] wanted = authorization().getBytes(StandardCharsets.UTF_8);
        byte[] sent = request.header("Authorization").orElse("").getBytes(StandardCharsets.UTF_8);
        if (!MessageDigest.isEqual(wanted, sent)) {
            throw Problem.of(404, "not-found", "There is nothing at this path.").refuse();
        }
    }

    /// The body of an answer to a command.
    ///
    /// @throws StartException if it was refused
    static String bodyOf(Answer answer, Settings settings) throws StartException {
        if (answer.status() != 200) {
            throw new StartException(
                    ExitCode.UNAVAILABLE,
                    "the running Hearth answers with %d: does it use the data folder %s?"
                            .formatted(answer.status(), settings.data().toAbsolutePath()));
        }
        return answer.body();
    }
}
