/// Running as a service: what a supervisor hands over and wants to hear, the requests in progress, and when a
/// process has served for long enough.
@NullMarked
package dev.hearth.service;

import org.jspecify.annotations.NullMarked;
