/** Tests of the model package loader and runtime. */
@NullMarked
package io.gistream.model;

import org.jspecify.annotations.NullMarked;
