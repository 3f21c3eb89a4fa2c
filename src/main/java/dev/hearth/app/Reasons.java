package dev.hearth.app;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/// Says in words what the JDK says with the class of an exception.
final class Reasons {
    private Reasons() {}

    /// What went wrong, for one who waits for it at a screen.
    static String ofAny(Exception failure) {
        String message = failure.getMessage();
        return message == null ? failure.toString() : message;
    }

    /// Why a file could not be used, without its path.
    static String of(IOException failure) {
        return switch (failure) {
            case AccessDeniedException _ -> "permission denied";
            case NoSuchFileException _ -> "there is no such file or folder";
            case FileAlreadyExistsException _ -> "there is a file in its place";
            case NotDirectoryException _ -> "it is not a folder";
            case CharacterCodingException _ -> "it is not text in UTF-8";
            case ConnectException _ when failure.getMessage() == null -> "nobody listens there";
            case FileSystemException other when other.getReason() != null -> other.getReason();
            default -> String.valueOf(failure.getMessage());
        };
    }
}
