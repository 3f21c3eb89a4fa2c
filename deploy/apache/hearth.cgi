#!/bin/sh
# hearth.cgi for a Hearth that runs already, as a service: the small program cgi-fcgi (Debian: libfcgi-bin) hands each
# request on over FastCGI. The user of the web server must be able to connect to the socket. ../cgi/README.md compares
# it with the other ways.
exec cgi-fcgi -bind -connect "${HEARTH_SOCKET:-/var/lib/hearth/hearth.sock}"
