package dev.hearth.operator;

import dev.hearth.http.Request;
import dev.hearth.http.Response;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.util.Map;
import java.util.Optional;

/// Makes pages of templates. What comes from outside is escaped by the templates, by where it stands.
final class Pages {
    private static final Map<String, String> NOTICES =
            Map.ofEntries(
                    Map.entry("replayed", "Put back into the queue."),
                    Map.entry("ignored", "Marked as ignored."),
                    Map.entry("unchanged", "Nothing was changed: it stands otherwise by now."),
                    Map.entry("refunded", "The refund was asked for."),
                    Map.entry("captured", "The capture was asked for."),
                    Map.entry("asked", "It was asked for."),
                    Map.entry("retried", "It will be sent again."),
                    Map.entry("level", "The log level was changed."));

    private final String prefix;
    private final TemplateEngine templates =
            TemplateEngine.createPrecompiled(
                    null, ContentType.Html, Pages.class.getClassLoader(), "dev.hearth.operator");

    Pages(String prefix) {
        this.prefix = prefix;
        templates.setTrimControlStructures(true);
    }

    /// The page of a template, for someone who is in.
    Response page(Request request, String title, String template, Object content) {
        return page(request, 200, title, template, content);
    }

    Response page(Request request, int status, String title, String template, Object content) {
        return render(request, status, title, template, content, Optional.of(SignIn.of(request)));
    }

    /// A page for someone who is not in.
    Response publicPage(
            Request request, int status, String title, String template, Object content) {
        return render(request, status, title, template, content, Optional.empty());
    }

    private Response render(
            Request request,
            int status,
            String title,
            String template,
            Object content,
            Optional<SignIn> signIn) {
        String path =
                request.path().startsWith(prefix)
                        ? request.path().substring(prefix.length())
                        : request.path();
        Frame frame =
                new Frame(
                        prefix,
                        SignIns.random(),
                        path,
                        title,
                        Assets.version(),
                        signIn,
                        notice(Asked.of(request).text("done")));
        StringOutput out = new StringOutput();
        templates.render(
                template + ".jte", Map.<String, Object>of("frame", frame, "page", content), out);
        return Response.html(status, out.toString())
                .withHeader("Content-Security-Policy", policy(frame.nonce()))
                .withHeader("Referrer-Policy", "same-origin")
                .withHeader("Cache-Control", "no-store");
    }

    private static Optional<String> notice(String word) {
        return Optional.ofNullable(NOTICES.get(word));
    }

    private static String policy(String nonce) {
        return ("default-src 'none'; script-src 'nonce-%s'; style-src 'nonce-%s'; img-src 'self';"
                        + " connect-src 'self'; form-action 'self'; base-uri 'none';"
                        + " frame-ancestors 'none'")
                .formatted(nonce, nonce);
    }
}
