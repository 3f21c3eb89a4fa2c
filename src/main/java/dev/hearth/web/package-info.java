/// Routes and the stock middleware: what a user's handlers meet on every gateway alike. Imports `http` only.
@NullMarked
package dev.hearth.web;

import org.jspecify.annotations.NullMarked;
