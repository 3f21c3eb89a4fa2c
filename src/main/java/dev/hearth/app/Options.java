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
        Optional<String> idleExit,
        boolean takeOver,
        boolean json) {

    /// No options at all.
    public static final Options NONE =
            new Options(
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    false,
                    false);

    public Options {
        listen = List.copyOf(listen);
    }

    /// Reads options, or gives nothing where there is anything else among the arguments.
    static Optional<Options> parse(List<String> arguments) {
        Options read = NONE;
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            switch (argument) {
                case "--json" -> {
                    read = read.with(read.listen, read.takeOver, true);
                    continue;
                }
                case "--take-over" -> {
                    read = read.with(read.listen, true, read.json);
                    continue;
                }
                default -> {
                    // An option with a value.
                }
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
        Optional<String> given = Optional.of(value);
        return switch (name) {
            case "--config" ->
                    Optional.of(new Options(given, data, listen, http, idleExit, takeOver, json));
            case "--data" ->
                    Optional.of(new Options(config, given, listen, http, idleExit, takeOver, json));
            case "--http" ->
                    Optional.of(new Options(config, data, listen, given, idleExit, takeOver, json));
            case "--idle-exit" ->
                    Optional.of(new Options(config, data, listen, http, given, takeOver, json));
            case "--listen" -> {
                List<String> more = new ArrayList<>(listen);
                more.add(value);
                yield Optional.of(with(more, takeOver, json));
            }
            default -> Optional.empty();
        };
    }

    private Options with(List<String> addresses, boolean over, boolean asJson) {
        return new Options(config, data, addresses, http, idleExit, over, asJson);
    }
}
