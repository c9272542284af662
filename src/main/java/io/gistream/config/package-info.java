/**
 * The options of Gistream, and their values from the command line, the environment and a file.
 * Depends on nothing else of ours.
 */
@NullMarked
package io.gistream.config;

import org.jspecify.annotations.NullMarked;
