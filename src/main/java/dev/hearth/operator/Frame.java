package dev.hearth.operator;

import java.util.List;
import java.util.Optional;

/// What every page needs around its content.
///
/// @param nonce with which the browser knows our script and style from any other
/// @param path below the prefix, for the mark in the navigation
/// @param assets distinguishes this program's script and style from those of another version
/// @param notice what was just done, if anything
record Frame(
        String prefix,
        String nonce,
        String path,
        String title,
        String assets,
        Optional<SignIn> signIn,
        Optional<String> notice) {

    /// A place in the navigation.
    record Place(String path, String name) {}

    static final List<Place> PLACES =
            List.of(
                    new Place("", "Overview"),
                    new Place("/events", "Events"),
                    new Place("/dead", "Dead letters"),
                    new Place("/payments", "Payments"),
                    new Place("/outgoing", "Outgoing"),
                    new Place("/jobs", "Jobs"),
                    new Place("/routes", "Routes"),
                    new Place("/configuration", "Configuration"),
                    new Place("/health", "Health"),
                    new Place("/audit", "Audit"));

    boolean isHere(Place place) {
        return place.path.isEmpty() ? path.isEmpty() : path.startsWith(place.path);
    }

    boolean mayAct() {
        return signIn.map(known -> known.operator().mayAct()).orElse(false);
    }

    /// What the forms of this session carry.
    String token() {
        return signIn.map(SignIn::formToken).orElse("");
    }
}
