@NullMarked
package io.gistream.summary;

import org.jspecify.annotations.NullMarked;
