package dev.hearth.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The options that every command understands alike.
///
/// Read here by hand, so that `serve` need not load the command line library; anything that is not plainly
/// one of these options is left to that library, which knows how to explain.
public record Options(
        Optional<String> config,
        Optional<String> data,
        List<String> listen,
        Optional<String> http,
        boolean json) {

    /// No options at all.
    public static final Options NONE =
            new Options(Optional.empty(), Optional.empty(), List.of(), Optional.empty(), false);

    public Options {
        listen = List.copyOf(listen);
    }

    /// Reads options, or gives nothing where there is anything else among the arguments.
    static Optional<Options> parse(List<String> arguments) {
        Options read = NONE;
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals("--json")) {
                read = new Options(read.config, read.data, read.listen, read.http, true);
                continue;
            }
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            if (equals < 0 && i + 1 == arguments.size()) {
                return Optional.empty();
            }
            String value = equals < 0 ? arguments.get(++i) : argument.substring(equals + 1);
            Optional<Options> more = read.with(name, value);
            if (more.isEmpty()) {
                return Optional.empty();
            }
            read = more.get();
        }
        return Optional.of(read);
    }

    private Optional<Options> with(String name, String value) {
        if (value.isEmpty() || value.startsWith("--")) {
            return Optional.empty();
        }
        return switch (name) {
            case "--config" ->
                    Optional.of(new Options(Optional.of(value), data, listen, http, json));
            case "--data" ->
                    Optional.of(new Options(config, Optional.of(value), listen, http, json));
            case "--http" ->
                    Optional.of(new Options(config, data, listen, Optional.of(value), json));
            case "--listen" -> {
                List<String> more = new ArrayList<>(listen);
                more.add(value);
                yield Optional.of(new Options(config, data, more, http, json));
            }
            default -> Optional.empty();
        };
    }
}
