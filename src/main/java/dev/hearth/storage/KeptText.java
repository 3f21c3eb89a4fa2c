package dev.hearth.storage;

/// Makes text that anybody may have written, such as the message of an exception, fit for a column of any database.
///
/// PostgreSQL refuses the character 0 in text, and with it the whole transaction: whoever only notes what went wrong
/// must not fail at that.
public final class KeptText {
    private static final int REPLACEMENT = 0xfffd;

    private KeptText() {}

    /// The text, at most so many `char`s of it, with `U+FFFD` for each character 0 and each half of a character.
    public static String of(String text, int most) {
        StringBuilder kept = new StringBuilder(Math.min(text.length(), most));
        for (int i = 0; i < text.length(); ) {
            int character = text.codePointAt(i);
            int many = Character.charCount(character);
            if (kept.length() + many > most) {
                break;
            }
            kept.appendCodePoint(isKept(character) ? character : REPLACEMENT);
            i += many;
        }
        return kept.toString();
    }

    private static boolean isKept(int character) {
        return character != 0
                && (character < Character.MIN_SURROGATE || character > Character.MAX_SURROGATE);
    }
}
