package dev.hearth.web.openapi;

import dev.hearth.http.Handler;
import dev.hearth.http.Headers;
import dev.hearth.http.Response;
import dev.hearth.web.Operation;
import dev.hearth.web.Route;
import dev.hearth.web.Router;
import dev.hearth.web.json.Json;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Describes an application's API by its routes and what their [Operation]s say.
///
/// {@snippet lang=java :
/// OpenApi.of("Bakery", "1.0", router).addTo(router); // GET /openapi.json and GET /docs
/// }
///
/// Made once, at the first request for it, from the routes the router has then. OpenAPI has no word for a parameter
/// that takes the rest of a path: `/files/{path...}` is described as `/files/{path}`, and left out beside `/files/{id}`,
/// from which a reader of the document could not tell it.
public final class OpenApi {
    /// Everything that the page needs is in it: it can ask for nothing, and run nothing.
    private static final String PAGE_POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

    private final Supplier<ObjectNode> document;

    private OpenApi(Supplier<ObjectNode> document) {
        this.document = document;
    }

    /// The description of a router's routes, those of mounted routers included.
    public static OpenApi of(String title, String version, Router router) {
        Supplier<List<Route>> routes = router::routes;
        return new OpenApi(
                new Once(() -> new OpenApiDocument(title, version).describe(routes.get())));
    }

    /// The document as OpenAPI 3.1.
    public ObjectNode document() {
        return document.get().deepCopy();
    }

    /// Answers with the document.
    public Handler json() {
        return Operation.undescribed().hide().on(_ -> Json.response(document.get()));
    }

    /// Answers with the document as a page to read, without any script or request to elsewhere.
    public Handler page() {
        Headers headers =
                Headers.of("Content-Type", "text/html; charset=utf-8")
                        .with("Content-Security-Policy", PAGE_POLICY);
        return Operation.undescribed()
                .hide()
                .on(_ -> Response.html(200, DocsPage.of(document.get())).withHeaders(headers));
    }

    /// Adds `GET /openapi.json` and `GET /docs`.
    public Router addTo(Router router) {
        return router.get("/openapi.json", json()).get("/docs", page());
    }

    /// Makes a document at the first asking. Safe for many threads.
    private static final class Once implements Supplier<ObjectNode> {
        private final Supplier<ObjectNode> maker;
        private @Nullable ObjectNode made; // guarded by this

        Once(Supplier<ObjectNode> maker) {
            this.maker = maker;
        }

        @Override
        public synchronized ObjectNode get() {
            ObjectNode present = made;
            if (present == null) {
                present = maker.get();
                made = present;
            }
            return present;
        }
    }
}
