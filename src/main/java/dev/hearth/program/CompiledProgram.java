package dev.hearth.program;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The classes of a program, by name, and which of them it is known by.
public final class CompiledProgram {
    private final String version;
    private final String name;
    private final Map<String, byte[]> classes;

    CompiledProgram(String version, String name, Map<String, byte[]> classes) {
        this.version = version;
        this.name = name;
        this.classes = new TreeMap<>(classes);
    }

    /// The same for the same text, on the same Hearth and JDK.
    public String version() {
        return version;
    }

    String name() {
        return name;
    }

    Map<String, byte[]> classes() {
        return classes;
    }

    /// Loads the program and calls its `main`, as the launcher of Java 25 does: static or not, with arguments
    /// or without.
    ///
    /// @throws Exception whatever `main` throws
    /// @throws NoSuchMethodException if it has no `main`
    public void run(String... arguments) throws Exception {
        ClassLoader loader = new InMemoryLoader(classes);
        Method main = main(loader);
        main.setAccessible(true);
        Object self =
                Modifier.isStatic(main.getModifiers()) ? null : make(main.getDeclaringClass());
        try {
            if (main.getParameterCount() == 0) {
                main.invoke(self);
            } else {
                main.invoke(self, (Object) arguments);
            }
        } catch (InvocationTargetException thrown) {
            switch (thrown.getCause()) {
                case Exception itsOwn -> throw itsOwn;
                case Error itsOwn -> throw itsOwn;
                case null, default -> throw thrown;
            }
        }
    }

    private Method main(ClassLoader loader) throws ClassNotFoundException, NoSuchMethodException {
        Stream<String> topLevel = classes.keySet().stream().filter(each -> !each.contains("$"));
        List<String> inOrder =
                classes.containsKey(name)
                        ? Stream.concat(Stream.of(name), topLevel).toList()
                        : topLevel.toList();
        for (String each : inOrder) {
            Class<?> type = loader.loadClass(each);
            Optional<Method> main = find(type, String[].class).or(() -> find(type));
            if (main.isPresent()) {
                return main.get();
            }
        }
        throw new NoSuchMethodException(
                name
                        + " has no method main: write void main(String[] args) { Hearth.run(args, app -> { … }); }");
    }

    private static Optional<Method> find(Class<?> type, Class<?>... parameters) {
        return Stream.of(type.getDeclaredMethods())
                .filter(method -> method.getName().equals("main"))
                .filter(method -> !Modifier.isPrivate(method.getModifiers()))
                .filter(method -> List.of(method.getParameterTypes()).equals(List.of(parameters)))
                .findFirst();
    }

    private static Object make(Class<?> type) throws ReflectiveOperationException {
        Constructor<?> constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        return constructor.newInstance();
    }

    /// All is in memory, so that what is compiled next can take the place of what runs.
    private static final class InMemoryLoader extends ClassLoader {
        private final Map<String, byte[]> classes;

        InMemoryLoader(Map<String, byte[]> classes) {
            super(CompiledProgram.class.getClassLoader());
            this.classes = classes;
        }

        /// The program's own without asking above first, where every jar would be opened and searched for them.
        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!classes.containsKey(name)) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] bytes = classes.get(name);
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, bytes, 0, bytes.length);
        }
    }
}
