package dev.hearth.jobs;

import dev.hearth.Hearth;
import dev.hearth.http.Response;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// A program whose job hangs where a file says so.
final class JobProcess {
    record Order(String name) {}

    private JobProcess() {}

    public static void main(String[] args) {
        Hearth.run(
                args,
                app -> {
                    Later<Order> bake =
                            app.later(
                                    "bake",
                                    Order.class,
                                    (order, run) -> {
                                        System.out.println(
                                                "baking "
                                                        + order.name()
                                                        + ", attempt "
                                                        + run.attempt());
                                        if (Files.exists(Path.of("hang"))) {
                                            TimeUnit.HOURS.sleep(1);
                                        }
                                        System.out.println("baked " + order.name());
                                    });
                    app.post(
                            "/orders/{name}",
                            request ->
                                    app.database()
                                            .write(tx -> {
                                                bake.now(
                                                        new Order(request.pathParameter("name")),
                                                        tx);
                                                return Response.text("ordered\n");
                                            }));
                });
    }
}
