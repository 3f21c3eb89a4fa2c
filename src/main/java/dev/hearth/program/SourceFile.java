package dev.hearth.program;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/// A program in one Java file: a compact source file, or one with a class that has a `main`. Its first line may
/// be `#!…`, so that a web server can start it like a script.
public final class SourceFile {
    private final Path path;
    private final String text;

    private SourceFile(Path path, String text) {
        this.path = path;
        this.text = text;
    }

    /// Reads the file.
    ///
    /// @throws IOException if it cannot be read, or is not UTF-8
    public static SourceFile read(Path path) throws IOException {
        try {
            return new SourceFile(path, Files.readString(path, UTF_8));
        } catch (CharacterCodingException notText) {
            throw new IOException(path + " is not text in UTF-8", notText);
        }
    }

    /// The program, from the folder of compiled ones or, where it is not there yet, by javac. What the
    /// compiler warns of goes to standard error.
    ///
    /// @throws DoesNotCompileException if the file has errors
    public CompiledProgram compile(Path compiledOnes) throws DoesNotCompileException, IOException {
        CompiledPrograms kept = new CompiledPrograms(compiledOnes);
        String key = key();
        Optional<CompiledProgram> known = kept.find(key);
        if (known.isPresent()) {
            return known.get();
        }
        CompiledProgram fresh = Javac.compile(key, path, className(), source(), System.err::print);
        kept.keep(fresh);
        return fresh;
    }

    /// Compiles it and keeps nothing: the next time the compiler is warm.
    public void check() throws DoesNotCompileException, IOException {
        Javac.compile("", path, className(), source(), _ -> {});
    }

    /// Changes with the text, with Hearth and with the JDK: a program is compiled against both.
    private String key() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(text.getBytes(UTF_8));
            String around =
                    String.join(
                            "\0", "", className(), Runtime.version().toString(), stateOfHearth());
            digest.update(around.getBytes(UTF_8));
            return HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    /// Sizes and times of what Hearth was started from. Where this class is from would be told by its protection domain,
    /// for which the JDK opens the jar and reads its manifest.
    private static String stateOfHearth() {
        StringBuilder state = new StringBuilder();
        for (String each : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            File entry = new File(each);
            state.append(each)
                    .append(' ')
                    .append(entry.length())
                    .append(' ')
                    .append(entry.lastModified())
                    .append('\n');
        }
        return state.toString();
    }

    /// The name that a compact source file gives its class: that of the file, up to the first dot.
    private String className() {
        String file = path.getFileName().toString();
        int dot = file.indexOf('.', 1);
        StringBuilder name = new StringBuilder();
        for (char c : (dot < 0 ? file : file.substring(0, dot)).toCharArray()) {
            name.append(Character.isJavaIdentifierPart(c) ? c : '_');
        }
        return Character.isJavaIdentifierStart(name.charAt(0)) ? name.toString() : "_" + name;
    }

    /// The text for the compiler, every line at its place.
    private String source() {
        return text.startsWith("#!") ? "//" + text.substring(2) : text;
    }
}
