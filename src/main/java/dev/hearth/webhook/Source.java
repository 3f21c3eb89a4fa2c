package dev.hearth.webhook;

import java.util.List;
import java.util.regex.Pattern;

/// Someone who sends webhooks: the last part of the path, how they sign, and with what.
///
/// Without a secret the source is known but nothing is accepted: its route answers 503.
public record Source(String name, Scheme scheme, List<Secret> secrets) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");

    public Source {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a source's name has 1 to 63 lower-case letters, digits, - and _; was " + name);
        }
        secrets = List.copyOf(secrets);
        if (!secrets.isEmpty()) {
            scheme.verifier(secrets); // a secret that the scheme cannot use is found now
        }
    }

    /// Whether it can accept anything.
    public boolean isReady() {
        return !secrets.isEmpty();
    }
}
