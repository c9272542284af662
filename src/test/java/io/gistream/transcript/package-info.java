@NullMarked
package io.gistream.transcript;

import org.jspecify.annotations.NullMarked;
