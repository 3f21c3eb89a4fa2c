package dev.hearth.app;

/// What a running Hearth answered to a command.
record Answer(int status, String body) {}
