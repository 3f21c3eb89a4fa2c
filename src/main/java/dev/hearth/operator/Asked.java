package dev.hearth.operator;

import dev.hearth.http.Problem;
import dev.hearth.http.Query;
import dev.hearth.http.Request;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What the query of a page asks for. A value that is no text (NUL, broken UTF-8 or percent-encoding) is empty, and told
/// beside its field instead of as a page that nothing can be done with.
record Asked(Query query) {
    private static final String UNREADABLE = "This cannot be read as text.";

    static Asked of(Request request) {
        return new Asked(Query.parseReadable(request.rawQuery()));
    }

    /// What was typed; empty where nothing was, or nothing that can be read.
    String text(String field) {
        return query.first(field).orElse("").strip();
    }

    /// What is wrong in the form of a list, by field: a text to look for, and one of some known words.
    Map<String, String> faults(String textField, String wordField, List<String> words) {
        Map<String, String> faults = new HashMap<>();
        if (query.isUnreadable(textField)) {
            faults.put(textField, UNREADABLE);
        }
        String word = text(wordField);
        if (query.isUnreadable(wordField) || !(word.isEmpty() || words.contains(word))) {
            faults.put(wordField, "There is no such %s.".formatted(wordField));
        }
        return faults;
    }

    /// What is wrong with a field whatever it is for; empty where nothing is.
    String fault(String field) {
        return query.isUnreadable(field) ? UNREADABLE : "";
    }

    /// Where a list goes on, as the link to its next page says; empty at its beginning. It has no field to be told
    /// beside.
    ///
    /// @throws dev.hearth.http.RefusedException with 422 if it cannot be read
    String place(String parameter) {
        if (query.isUnreadable(parameter)) {
            throw Problem.of(422, "bad-query", "This address does not say where the list goes on.")
                    .refuse();
        }
        return query.first(parameter).orElse("");
    }
}
