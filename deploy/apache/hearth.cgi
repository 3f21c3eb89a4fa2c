#!/bin/sh
# For a web server that knows only CGI, in front of a Hearth that runs already: the small program cgi-fcgi
# (Debian: libfcgi-bin) hands each request on over FastCGI. It takes milliseconds, and no JVM starts. Where no Hearth
# may run, let the web server call bin/hearth itself. hearth-cgi.conf says what the web server must know.
exec cgi-fcgi -bind -connect "${HEARTH_SOCKET:-/var/lib/hearth/hearth.sock}"
