package dev.hearth.app;

import static java.nio.file.attribute.PosixFilePermission.GROUP_EXECUTE;
import static java.nio.file.attribute.PosixFilePermission.GROUP_READ;
import static java.nio.file.attribute.PosixFilePermission.GROUP_WRITE;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_EXECUTE;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_READ;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_WRITE;
import static java.nio.file.attribute.PosixFilePermission.OWNER_EXECUTE;
import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;

import dev.hearth.fastcgi.Limits;
import dev.hearth.fastcgi.PeerPolicy;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/// Makes [Settings.FastCgi] of the keys `fastcgi.*`: limits, who may connect, the socket's file.
final class FastCgiSettings {
    private final SettingsLookup keys;
    private final long bodyLimit;

    FastCgiSettings(SettingsLookup keys, long bodyLimit) {
        this.keys = keys;
        this.bodyLimit = bodyLimit;
    }

    Settings.FastCgi build() {
        return new Settings.FastCgi(
                Limits.DEFAULT.with(this::limit),
                peers(),
                socketPermissions(),
                keys.text("fastcgi.socket_group"));
    }

    private void limit(Limits.Changes limits) {
        limits.connections = keys.count("fastcgi.connections", limits.connections, 1);
        limits.requestsAtOnce = keys.count("fastcgi.requests", limits.requestsAtOnce, 1);
        limits.requestsWaiting = keys.count("fastcgi.waiting", limits.requestsWaiting, 0);
        limits.overload = overload();
        limits.multiplexing = keys.flag("fastcgi.multiplexing", limits.multiplexing);
        limits.paramsBytes =
                (int) keys.number("fastcgi.params", limits.paramsBytes, 1 << 10, 1 << 26);
        limits.idleTimeout = keys.timeout("fastcgi.idle_timeout", limits.idleTimeout);
        limits.headerTimeout = keys.timeout("fastcgi.header_timeout", limits.headerTimeout);
        limits.bodyTimeout = keys.timeout("fastcgi.body_timeout", limits.bodyTimeout);
        limits.writeTimeout = keys.timeout("fastcgi.write_timeout", limits.writeTimeout);
        limits.requestTimeout = keys.duration("fastcgi.request_timeout", limits.requestTimeout);
        limits.loops = (int) keys.number("fastcgi.loops", limits.loops, 0, 256);
        limits.bodyBytes = bodyLimit;
    }

    private Limits.Overload overload() {
        String answer = keys.text("fastcgi.overload", "503");
        return switch (answer) {
            case "503" -> Limits.Overload.HTTP_503;
            case "overloaded" -> Limits.Overload.FCGI_OVERLOADED;
            default -> {
                keys.mistaken("fastcgi.overload", "\"503\" or \"overloaded\"", answer);
                yield Limits.Overload.HTTP_503;
            }
        };
    }

    private PeerPolicy peers() {
        PeerPolicy anyone = PeerPolicy.ANYONE;
        PeerPolicy byAddress =
                keys.texts("fastcgi.allowed_clients")
                        .flatMap(list ->
                                keys.parse(
                                        "fastcgi.allowed_clients",
                                        String.join(",", list),
                                        "IP addresses",
                                        anyone::withAddresses))
                        .orElse(anyone);
        return keys.texts("fastcgi.allowed_users")
                .flatMap(users ->
                        keys.parse(
                                "fastcgi.allowed_users",
                                String.join(", ", users),
                                "users of this system",
                                _ -> byAddress.withUsers(Set.copyOf(users))))
                .orElse(byAddress);
    }

    private Set<PosixFilePermission> socketPermissions() {
        return keys.parse(
                        "fastcgi.socket_mode",
                        keys.text("fastcgi.socket_mode", "0660"),
                        "an octal mode such as \"0660\"",
                        FastCgiSettings::permissions)
                .orElse(Set.of());
    }

    private static Set<PosixFilePermission> permissions(String mode) {
        if (!mode.matches("0?[0-7]{3}")) {
            throw new IllegalArgumentException("it is not three octal digits");
        }
        int bits = Integer.parseInt(mode, 8);
        PosixFilePermission[] highestFirst = {
            OWNER_READ, OWNER_WRITE, OWNER_EXECUTE,
            GROUP_READ, GROUP_WRITE, GROUP_EXECUTE,
            OTHERS_READ, OTHERS_WRITE, OTHERS_EXECUTE
        };
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (int i = 0; i < highestFirst.length; i++) {
            if ((bits & 0400 >> i) != 0) {
                permissions.add(highestFirst[i]);
            }
        }
        return permissions;
    }
}
