package dev.hearth.app;

import java.nio.file.Path;

/// Where the value of a setting came from. Prints as a person would say it.
public sealed interface Origin {

    /// Nobody set it.
    record Default() implements Origin {
        @Override
        public String toString() {
            return "default";
        }
    }

    /// A line of the configuration file; lines count from 1.
    record ConfigFile(Path file, int line) implements Origin {
        @Override
        public String toString() {
            return file + ":" + line;
        }
    }

    /// An environment variable.
    record Environment(String variable) implements Origin {
        @Override
        public String toString() {
            return "environment variable " + variable;
        }
    }

    /// The content of a file: one named by a `…_file` key, or one in systemd's credentials directory.
    record SecretFile(Path file) implements Origin {
        @Override
        public String toString() {
            return "file " + file;
        }
    }

    /// An option of the command line.
    record CommandLine(String option) implements Origin {
        @Override
        public String toString() {
            return "option " + option;
        }
    }

    /// The program itself: a test's.
    record Program() implements Origin {
        @Override
        public String toString() {
            return "settings of the program";
        }
    }
}
