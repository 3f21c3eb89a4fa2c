package dev.hearth.gateway;

import dev.hearth.http.Paths;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.stream.Stream;

/// The path that routes are matched with, from the variables of any front server.
///
/// The front server has matched its own locations and access rules with a path that it decoded and cleaned. That
/// path is used, never a second reading of the raw URI: the two can differ, and an attacker lives in the
/// difference.
///
/// | front | SCRIPT_NAME | PATH_INFO | path |
/// |---|---|---|---|
/// | nginx, Apache mod_proxy_fcgi, Caddy, HAProxy | `/a/b` | | `/a/b` |
/// | lighttpd, h2o, HAProxy with path-info | `/a` or `` | `/b` | `/a/b` |
/// | mod_fcgid, CGI: a script file | `/dir/hearth.fcgi` | `/a/b` | `/a/b` |
/// | the same, called by a rewrite | `/hearth.fcgi` | | that of REQUEST_URI |
/// | the others, of a resource that is only called so | `/a/b.cgi` | | `/a/b.cgi` |
/// | a client without SCRIPT_NAME | | | DOCUMENT_URI, else that of REQUEST_URI |
final class RequestPath {
    private RequestPath() {}

    /// @throws dev.hearth.http.RefusedException with 400 where there is no path, or one that breaks the rule of
    ///     [Paths]
    static String of(Variables variables) {
        String script = variables.get("SCRIPT_NAME");
        String info = variables.get("PATH_INFO");
        if (isNamedAsScript(script)) {
            if (!info.isEmpty()) {
                return Paths.fromDecoded(info);
            }
            if (isScriptFile(variables)) {
                return ofRewritten(script, variables);
            }
        }
        if (info.isEmpty()) {
            return script.isEmpty() ? withoutScript(variables) : Paths.fromDecoded(script);
        }
        // A server that mounts at the root may call that "/" or nothing.
        String prefix =
                script.endsWith("/") && info.startsWith("/")
                        ? script.substring(0, script.length() - 1)
                        : script;
        return Paths.fromDecoded(prefix + info);
    }

    /// Whether anything tells the path.
    static boolean isKnown(Variables variables) {
        return Stream.of("SCRIPT_NAME", "PATH_INFO", "DOCUMENT_URI", "REQUEST_URI")
                .anyMatch(name -> !variables.get(name).isEmpty());
    }

    private static boolean isNamedAsScript(String script) {
        return script.endsWith(".fcgi") || script.endsWith(".cgi");
    }

    // The name alone would let a client choose: behind nginx, /anything.cgi would be the route /.
    private static boolean isScriptFile(Variables variables) {
        if (variables.ofProgram()) {
            return true;
        }
        try {
            return Files.isRegularFile(Path.of(variables.get("SCRIPT_FILENAME")));
        } catch (InvalidPathException _) {
            return false;
        }
    }

    private static String ofRewritten(String script, Variables variables) {
        String raw = rawPath(variables.get("REQUEST_URI"));
        boolean calledByName = raw.isEmpty() || raw.startsWith(script);
        return calledByName ? "/" : Paths.fromRaw(raw);
    }

    private static String withoutScript(Variables variables) {
        String document = variables.get("DOCUMENT_URI");
        return document.isEmpty()
                ? Paths.fromRaw(rawPath(variables.get("REQUEST_URI")))
                : Paths.fromDecoded(document);
    }

    private static String rawPath(String uri) {
        int question = uri.indexOf('?');
        return question < 0 ? uri : uri.substring(0, question);
    }
}
