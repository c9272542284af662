/** The command line: one class per command, nothing but wiring and presentation. */
@NullMarked
package io.gistream.cli;

import org.jspecify.annotations.NullMarked;
