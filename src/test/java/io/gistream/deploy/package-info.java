/** What is deployed: the files under {@code docker/} and {@code deploy/}. */
@NullMarked
package io.gistream.deploy;

import org.jspecify.annotations.NullMarked;
