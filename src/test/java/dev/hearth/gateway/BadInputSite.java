package dev.hearth.gateway;

import dev.hearth.http.Handler;
import dev.hearth.http.Response;
import dev.hearth.web.Bind;
import dev.hearth.web.Forms;
import dev.hearth.web.Multipart;
import dev.hearth.web.Router;
import dev.hearth.web.StandardLayers;
import dev.hearth.web.StaticFiles;
import dev.hearth.web.json.Json;
import java.nio.file.Path;

/// A whole site that reads every kind of input: typed paths and queries, JSON, forms, uploads, files.
final class BadInputSite {
    record Line(String cake, int quantity) {}

    record Search(int page) {}

    private BadInputSite() {}

    static Handler of(Path folder) {
        return new Router()
                .with(StandardLayers.withoutLog())
                .get(
                        "/search",
                        request -> Response.text(Bind.query(request, Search.class).toString()))
                .get("/u/{id}", request -> Response.text("" + Bind.path(request, "id", long.class)))
                .post(
                        "/json",
                        Json.accepting(Line.class).handler(201, Line.class, (_, line) -> line))
                .post("/form", request -> Response.text(Forms.read(request).names().toString()))
                .post(
                        "/upload",
                        request -> {
                            try (Multipart form =
                                    Multipart.read(request, Multipart.Limits.DEFAULT)) {
                                return Response.text("" + form.parts().size());
                            }
                        })
                .get("/f/{path...}", StaticFiles.of(folder))
                .build();
    }
}
