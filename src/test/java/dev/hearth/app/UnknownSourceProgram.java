package dev.hearth.app;

import dev.hearth.Hearth;

/// A program that handles events of a source whose name is misspelt.
final class UnknownSourceProgram {
    private UnknownSourceProgram() {}

    static void main(String[] args) {
        Hearth.run(
                args,
                app ->
                        app.on("strpie", "*", (_, _) -> {})
                                .on("stripe", "payment_intent.succeeded", (_, _) -> {}));
    }
}
