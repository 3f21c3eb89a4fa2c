package dev.hearth.gateway;

import dev.hearth.fastcgi.wire.NameValuePairs;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/// The CGI variables of one request (RFC 3875 section 4.1), wherever they come from.
///
/// Names of a FastCGI request compare without case, those of an environment with it; all are asked for in capitals. A
/// variable that was not sent and an empty one are the same. Of a variable sent
/// twice, a setting of the front server has its last value, as its administrator expects of a line further
/// down; a header (`HTTP_…`) has its first (and both can be seen among the headers), because what a client smuggles in (`X_Real_IP` for `X-Real-IP`) comes
/// behind what the front server set.
interface Variables {
    /// What the name of a variable begins with that is a header.
    String HEADER = "HTTP_";

    /// The value of a variable, empty where it was not sent. Bytes stand as ISO-8859-1.
    String get(String name);

    /// Every variable.
    Map<String, String> all();

    /// Calls back with every variable whose name begins with `HTTP_`, as it was sent, those sent twice included.
    default void eachHeader(BiConsumer<String, String> callback) {
        for (Map.Entry<String, String> each : all().entrySet()) {
            if (each.getKey().regionMatches(true, 0, HEADER, 0, HEADER.length())) {
                callback.accept(each.getKey(), each.getValue());
            }
        }
    }

    /// Whether this process was started for them, as the program that SCRIPT_NAME names.
    default boolean ofProgram() {
        return false;
    }

    /// These variables and one more, in the place of any of its name.
    default Variables with(String added, String value) {
        Variables others = this;
        return new Variables() {
            @Override
            public String get(String name) {
                return name.equals(added) ? value : others.get(name);
            }

            @Override
            public Map<String, String> all() {
                Map<String, String> all = new LinkedHashMap<>(others.all());
                all.put(added, value);
                return all;
            }
        };
    }

    /// The variables of a FastCGI request.
    static Variables of(NameValuePairs pairs) {
        return new Variables() {
            @Override
            public String get(String name) {
                int found = name.startsWith(HEADER) ? pairs.findFirst(name) : pairs.find(name);
                return found < 0 ? "" : pairs.value(found);
            }

            @Override
            public Map<String, String> all() {
                return pairs.toMap();
            }

            @Override
            public void eachHeader(BiConsumer<String, String> callback) {
                for (int i = 0; i < pairs.size(); i++) {
                    if (pairs.nameStartsWith(i, HEADER)) {
                        callback.accept(pairs.name(i), pairs.value(i));
                    }
                }
            }
        };
    }
}
