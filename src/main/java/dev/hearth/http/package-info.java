/// Requests, responses and handlers, as every gateway gives them. Imports nothing of ours.
@NullMarked
package dev.hearth.http;

import org.jspecify.annotations.NullMarked;
