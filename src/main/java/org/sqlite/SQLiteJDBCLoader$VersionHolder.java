package org.sqlite;

/// The version of SQLite's driver, in place of the driver's own nested class of this name, which reads it out of a file in
/// its jar whenever the native library is loaded.
///
/// To find that file the JDK opened Hearth's jar and the driver's, and read their tables of contents: a tenth of the
/// processor's time of a CGI request, in which no other jar is opened. (Hearth's jar stands before the driver's on the
/// class path.) A test holds the version to the one in the driver's jar.
final class SQLiteJDBCLoader$VersionHolder {
    private SQLiteJDBCLoader$VersionHolder() {}

    /// By this name the driver reads the private field of its nested class.
    static String access$000() {
        return "3.54.1.0";
    }
}
