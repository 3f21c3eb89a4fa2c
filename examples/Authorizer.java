// Says who may read files that the web server serves by itself: the FastCGI role Authorizer
// (mod_authnz_fcgi of Apache, mod_auth of lighttpd; see deploy/), and the same rule on a route of its own.
//
//   TOKENS='ada:a-long-secret bob:another-one' bin/hearth run examples/Authorizer.java
import dev.hearth.Hearth;
import dev.hearth.http.Problem;
import dev.hearth.http.Request;
import dev.hearth.http.Response;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

void main(String[] args) {
    var tokens = Stream.of(System.getenv().getOrDefault("TOKENS", "").split(" "))
            .filter(entry -> entry.contains(":"))
            .map(entry -> entry.split(":", 2))
            .collect(Collectors.toMap(entry -> entry[0], entry -> entry[1]));

    Hearth.run(args, app -> {
        app.authorize(request -> user(request, tokens)
                .map(user -> Response.status(200).withHeader("Variable-REMOTE_USER", user))
                .orElseGet(() -> Response.text(403, "not with this token\n")));

        app.get("/whoami", request -> user(request, tokens)
                .map(user -> Response.text(user + "\n"))
                .orElseThrow(() -> Problem.of(403, "forbidden", "Not with this token.").refuse()));
    });
}

Optional<String> user(Request request, Map<String, String> tokens) {
    String sent = request.header("Authorization").orElse("").replaceFirst("^Bearer ", "");
    return tokens.entrySet().stream()
            .filter(entry -> isSame(entry.getValue(), sent))
            .map(Map.Entry::getKey)
            .findFirst();
}

// In constant time: a comparison that stops at the first difference tells how much was right.
boolean isSame(String secret, String sent) {
    return MessageDigest.isEqual(secret.getBytes(StandardCharsets.UTF_8), sent.getBytes(StandardCharsets.UTF_8));
}
