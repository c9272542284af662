/**
 * The topics as a service sees them that stands between them and people: what goes on them, and
 * what has happened on them lately. Reads committed records only.
 */
@NullMarked
package io.gistream.feed;

import org.jspecify.annotations.NullMarked;
