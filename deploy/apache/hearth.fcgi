#!/bin/sh
# What mod_fcgid starts: Hearth, on the socket that it gets as file descriptor 0. Settings come from
# hearth.toml in the data folder; mod_fcgid clears the environment but for FcgidInitialEnv.
#
# exec, so that the signals of Apache reach Hearth: TERM lets the request under way end.
umask 077
command=${HEARTH_COMMAND:-/opt/hearth/bin/hearth}
unset HEARTH_COMMAND # no setting of Hearth's: it would warn
exec "$command" serve --listen fd:0 --http off --data "${HEARTH_DATA:-/var/lib/hearth}"
