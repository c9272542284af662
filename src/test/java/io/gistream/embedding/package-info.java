/** What {@code docs/embedding.md} shows, as code that is compiled and tested. */
@NullMarked
package io.gistream.embedding;

import org.jspecify.annotations.NullMarked;
