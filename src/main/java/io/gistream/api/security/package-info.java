/** Who asks, and what he may do. Knows nothing of HTTP. */
@NullMarked
package io.gistream.api.security;

import org.jspecify.annotations.NullMarked;
