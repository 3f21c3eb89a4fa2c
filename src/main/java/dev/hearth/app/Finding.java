package dev.hearth.app;

/// What `hearth doctor` found in one place.
record Finding(Weight weight, String what, String detail) {

    /// How much it matters: a hint may be as somebody wants it, what is wrong keeps something from working.
    enum Weight {
        OK,
        HINT,
        WRONG
    }

    static Finding ok(String what, String detail) {
        return new Finding(Weight.OK, what, detail);
    }

    static Finding hint(String what, String detail) {
        return new Finding(Weight.HINT, what, detail);
    }

    static Finding wrong(String what, String detail) {
        return new Finding(Weight.WRONG, what, detail);
    }

    boolean isWrong() {
        return weight == Weight.WRONG;
    }
}
