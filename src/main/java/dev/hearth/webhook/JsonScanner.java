package dev.hearth.webhook;

import java.nio.charset.StandardCharsets;

/// Walks once over a JSON text (RFC 8259) in UTF-8, strictly and without making anything of what is skipped.
///
/// A library would do it as well, but a CGI process reads one event in its life: with Jackson's parser comes the JDK's
/// arithmetic of long numbers, which computes its tables for longer than all else takes that is done with the event.
///
/// For one thread, and for one walk from the first byte to the last.
final class JsonScanner {
    /// Deeper texts are refused: each level takes a frame of the thread's stack.
    static final int DEEPEST = 500;

    /// As those of Jackson, with which handlers will read the same text.
    static final int LONGEST_NUMBER = 1000;

    private static final int END = -1;

    private final byte[] text;
    private int at;
    private int depth;

    JsonScanner(byte[] text) {
        this.text = text;
        if (text.length >= 3
                && text[0] == (byte) 0xef
                && text[1] == (byte) 0xbb
                && text[2] == (byte) 0xbf) {
            at = 3; // a mark of the byte order, which senders must not write (section 8.1)
        }
    }

    /// The first byte behind white space, which stays; less than 0 at the end.
    int peek() {
        while (at < text.length) {
            byte next = text[at];
            if (next != ' ' && next != '\n' && next != '\r' && next != '\t') {
                return next & 0xff;
            }
            at++;
        }
        return END;
    }

    /// Takes this byte if it comes next.
    boolean take(char wanted) {
        if (peek() == wanted) {
            at++;
            return true;
        }
        return false;
    }

    /// Takes this byte, which must come next.
    void expect(char wanted) {
        if (!take(wanted)) {
            throw malformed();
        }
    }

    /// Goes into an object or an array.
    void open(char bracket) {
        expect(bracket);
        if (++depth > DEEPEST) {
            throw new UnreadableEventException(
                    "the body is nested deeper than %d levels".formatted(DEEPEST));
        }
    }

    /// Leaves it.
    void close(char bracket) {
        expect(bracket);
        depth--;
    }

    /// Takes a value of any kind.
    void skip() {
        switch (peek()) {
            case '{' -> skipObject();
            case '[' -> skipArray();
            case '"' -> skipString();
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            default -> skipNumber();
        }
    }

    private void skipObject() {
        open('{');
        if (peek() != '}') {
            do {
                skipString();
                expect(':');
                skip();
            } while (take(','));
        }
        close('}');
    }

    private void skipArray() {
        open('[');
        if (peek() != ']') {
            do {
                skip();
            } while (take(','));
        }
        close(']');
    }

    /// Takes `true`, `false` or `null`.
    void word(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (at == text.length || text[at++] != word.charAt(i)) {
                throw malformed();
            }
        }
        requireEnd();
    }

    /// Takes a number, and returns it as it is written.
    String number() {
        peek();
        int from = at;
        skipNumber();
        return new String(text, from, at - from, StandardCharsets.ISO_8859_1);
    }

    private void skipNumber() {
        int from = at;
        if (next() == '-') {
            at++;
        }
        if (next() == '0') {
            at++;
        } else {
            digits();
        }
        if (next() == '.') {
            at++;
            digits();
        }
        if (next() == 'e' || next() == 'E') {
            at++;
            if (next() == '+' || next() == '-') {
                at++;
            }
            digits();
        }
        requireEnd();
        if (at - from > LONGEST_NUMBER) {
            throw malformed();
        }
    }

    private void digits() {
        int from = at;
        while (next() >= '0' && next() <= '9') {
            at++;
        }
        if (at == from) {
            throw malformed();
        }
    }

    private int next() {
        return at < text.length ? text[at] & 0xff : END;
    }

    /// Nothing may stand right behind a word or a number but what separates it from the next.
    private void requireEnd() {
        switch (next()) {
            case END, ' ', '\n', '\r', '\t', ',', '}', ']' -> {}
            default -> throw malformed();
        }
    }

    /// Takes a string, and returns what it says.
    String string() {
        peek();
        int from = at + 1;
        boolean isPlain = skipString();
        int length = at - 1 - from;
        return isPlain
                ? new String(text, from, length, StandardCharsets.UTF_8)
                : unescaped(new String(text, from, length, StandardCharsets.UTF_8));
    }

    /// Takes a string, and tells whether nothing in it was escaped.
    private boolean skipString() {
        expect('"');
        boolean isPlain = true;
        while (true) {
            at = plainEnd(text, at);
            int next = next();
            if (next == '"') {
                at++;
                return isPlain;
            } else if (next == '\\') {
                isPlain = false;
                escape();
            } else if (next >= 0x80) {
                character(next);
            } else { // a control character, or the end
                throw malformed();
            }
        }
    }

    // Most of a document is such text: without a field to be written for each byte it takes half
    // the time.
    private static int plainEnd(byte[] text, int from) {
        int end = from;
        while (end < text.length && text[end] >= ' ' && text[end] != '"' && text[end] != '\\') {
            end++; // bytes from 0x80 on are negative
        }
        return end;
    }

    private void escape() {
        at++;
        int kind = next();
        at++;
        if (kind == 'u') {
            for (int i = 0; i < 4; i++) {
                if (Character.digit(next(), 16) < 0 || next() >= 0x80) {
                    throw malformed();
                }
                at++;
            }
        } else if (kind == END || "\"\\/bfnrt".indexOf(kind) < 0) {
            throw malformed();
        }
    }

    /// Takes a character of two to four bytes: none that would go into fewer, no half of a pair (RFC 3629 section 4).
    private void character(int first) {
        at++;
        if (first >= 0xc2 && first <= 0xdf) {
            following(0x80, 0xbf);
        } else if (first >= 0xe0 && first <= 0xef) {
            following(first == 0xe0 ? 0xa0 : 0x80, first == 0xed ? 0x9f : 0xbf);
            following(0x80, 0xbf);
        } else if (first >= 0xf0 && first <= 0xf4) {
            following(first == 0xf0 ? 0x90 : 0x80, first == 0xf4 ? 0x8f : 0xbf);
            following(0x80, 0xbf);
            following(0x80, 0xbf);
        } else {
            throw malformed();
        }
    }

    private void following(int least, int most) {
        if (next() < least || next() > most) {
            throw malformed();
        }
        at++;
    }

    private static String unescaped(String raw) {
        StringBuilder plain = new StringBuilder(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char next = raw.charAt(i);
            if (next != '\\') {
                plain.append(next);
            } else if (raw.charAt(++i) == 'u') {
                plain.append((char) Integer.parseInt(raw, i + 1, i + 5, 16));
                i += 4;
            } else {
                plain.append(meant(raw.charAt(i)));
            }
        }
        return plain.toString();
    }

    private static char meant(char escaped) {
        return switch (escaped) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> escaped;
        };
    }

    static UnreadableEventException malformed() {
        return new UnreadableEventException("the body is not JSON in UTF-8");
    }
}
