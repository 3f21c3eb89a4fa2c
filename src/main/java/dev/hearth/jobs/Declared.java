package dev.hearth.jobs;

/// A job as the program declared it.
sealed interface Declared {
    String name();

    record Recurring(String name, Timetable timetable, Job job) implements Declared {}

    record Later<T>(String name, Class<T> type, LaterJob<T> job) implements Declared {}
}
