package dev.hearth.app;

import dev.hearth.webhook.Endpoint;
import dev.hearth.webhook.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The settings of a program that serves, read again on SIGHUP. A configuration that is wrong changes nothing.
final class Reload {
    private static final Logger log = LoggerFactory.getLogger(Reload.class);

    private final Invocation invocation;
    private volatile Settings settings;

    Reload(Invocation invocation, Settings settings) {
        this.invocation = invocation;
        this.settings = settings;
    }

    /// The settings that hold. What needs a restart was taken from the first ones.
    Settings settings() {
        return settings;
    }

    /// Reads the configuration as it is now, without using it.
    ///
    /// @throws StartException if it is wrong
    Settings read() throws StartException {
        return invocation.settings();
    }

    /// Uses a new configuration as far as that can be done at once, says what cannot, and opens the log file
    /// anew.
    void apply(Settings fresh, LiveSite site) throws StartException {
        List<Source> sources = sourcesOf(fresh, site);
        List<Endpoint> endpoints = Outgoing.of(fresh);
        Log.follow(fresh.log());
        Predicate<String> waits = key -> !holdsAtOnce(key) || isOfNewName(key, site);
        site.reload(new Site.Reloaded(fresh, sources, endpoints, waits));
        Set<String> changed = changed(fresh);
        Set<String> waiting = new TreeSet<>(changed);
        waiting.removeIf(waits.negate());
        settings = fresh;
        fresh.notices().forEach(log::warn);
        if (!waiting.isEmpty()) {
            log.warn("SIGHUP: changed, but only from the next start on: {}", waiting);
        }
        changed.removeAll(waiting);
        log.info("SIGHUP: read again; changed: {}", changed.isEmpty() ? "nothing" : changed);
    }

    /// Those of the first start with their new secrets: a new one has no handlers yet.
    private static List<Source> sourcesOf(Settings fresh, LiveSite site) throws StartException {
        List<Source> sources = new ArrayList<>(Sources.of(fresh, true));
        sources.removeIf(source -> site.sources().stream().noneMatch(named(source.name())));
        return sources;
    }

    private static boolean holdsAtOnce(String key) {
        return SettingKey.find(key).filter(SettingKey::atOnce).isPresent();
    }

    private static boolean isOfNewName(String key, LiveSite site) {
        return SettingKey.chosenName("webhook", key)
                        .filter(name -> site.sources().stream().noneMatch(named(name)))
                        .isPresent()
                || SettingKey.chosenName("outgoing", key)
                        .filter(name -> !site.sendsTo(name))
                        .isPresent();
    }

    private static Predicate<Source> named(String name) {
        return source -> source.name().equals(name);
    }

    private Set<String> changed(Settings fresh) {
        Set<String> keys = new TreeSet<>(settings.values().keySet());
        keys.addAll(fresh.values().keySet());
        keys.removeIf(key -> Objects.equals(settings.values().get(key), fresh.values().get(key)));
        return keys;
    }
}
