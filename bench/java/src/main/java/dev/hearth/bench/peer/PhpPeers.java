package dev.hearth.bench.peer;

import dev.hearth.bench.peer.Peer.Command;
import dev.hearth.bench.peer.Peer.Work;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// PHP-FPM with a static pool; each child is replaced never, so no request pays for a fork.
final class PhpPeers {

    private PhpPeers() {}

    static Peer fpm(Shop shop, String name, int children) {
        return fpm(shop, name, children, Map.of()).doing(Work.HELLO, Work.JSON, Work.BODIES);
    }

    static Peer fpm(Shop shop, String name, int children, Map<String, String> environment) {
        return Peer.fastCgi(
                        name,
                        (s, address) -> fpmCommand(s, address, name, children).with(environment))
                .asPool()
                .withScripts(shop.source("php") + "$uri.php");
    }

    private static Command fpmCommand(Shop shop, Address address, String name, int children)
            throws IOException {
        String asUser = shop.isRoot() ? "user = root\ngroup = root\n" : "";
        Path settings =
                shop.write(
                        name + ".conf",
                        """
                        [global]
                        daemonize = no
                        error_log = %s
                        log_level = warning
                        [www]
                        %slisten = %s
                        listen.backlog = 4096
                        listen.mode = 0666
                        pm = static
                        pm.max_children = %d
                        pm.max_requests = 0
                        clear_env = no
                        php_admin_value[default_charset] =
                        php_admin_flag[expose_php] = off
                        php_admin_value[post_max_size] = 0
                        php_admin_flag[opcache.enable] = on
                        php_admin_value[opcache.revalidate_freq] = 60
                        """
                                .formatted(
                                        shop.made(name + "-error.log"),
                                        asUser,
                                        address.bare(),
                                        children));
        List<String> command =
                new ArrayList<>(List.of("php-fpm8.2", "-F", "-y", settings.toString()));
        if (shop.isRoot()) {
            command.add("-R");
        }
        return Command.of(command);
    }
}
