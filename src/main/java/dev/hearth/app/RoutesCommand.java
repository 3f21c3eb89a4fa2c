package dev.hearth.app;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Shows the routes of the running Hearth.
@Command(
        name = "routes",
        description = {
            "List the routes of the running Hearth, with how many requests each has answered since the start,",
            "and in how many milliseconds: half of them (p50), 95 and 99 % of them."
        })
final class RoutesCommand implements Callable<Integer> {
    private static final JsonMapper JSON = new JsonMapper();

    @Mixin private CommandLineTool.CommonOptions options = new CommandLineTool.CommonOptions();
    @ParentCommand private @Nullable CommandLineTool tool;

    @Override
    public Integer call() throws Exception {
        Settings settings = Objects.requireNonNull(tool).settings(options);
        Answer answer =
                new RunningHearth(settings)
                        .get(RouteListRoute.PATH, ControlKey.ofCommand(settings).headers());
        JsonNode routes = JSON.readTree(ControlKey.bodyOf(answer, settings));
        if (options.json()) {
            routes.forEach(System.out::println);
        } else {
            System.out.print(table(routes));
        }
        return ExitCode.OK.code();
    }

    private static String table(JsonNode routes) {
        int longest = 8;
        for (JsonNode route : routes) {
            longest = Math.max(longest, name(route).length());
        }
        StringBuilder text = new StringBuilder();
        text.append(
                ("%-" + longest + "s  %10s  %10s  %10s  %8s  %8s  %8s  %s%n")
                        .formatted(
                                "ROUTE",
                                "REQUESTS",
                                "REFUSED",
                                "ERRORS",
                                "P50",
                                "P95",
                                "P99",
                                "DECLARED"));
        for (JsonNode route : routes) {
            text.append(
                    ("%-" + longest + "s  %10d  %10d  %10d  %8.1f  %8.1f  %8.1f  %s%n")
                            .formatted(
                                    name(route),
                                    route.path("requests").asLong(),
                                    route.path("refusals").asLong(),
                                    route.path("errors").asLong(),
                                    route.path("p50").asDouble(),
                                    route.path("p95").asDouble(),
                                    route.path("p99").asDouble(),
                                    route.path("place").asString()));
        }
        return text.toString();
    }

    private static String name(JsonNode route) {
        String pattern = route.path("pattern").asString();
        return route.path("method").asString() + " " + (pattern.isEmpty() ? "no route" : pattern);
    }
}
