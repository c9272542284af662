/** The rolling summary itself: sentences, display text, budget, grounding. Plain Java. */
@NullMarked
package io.gistream.summary;

import org.jspecify.annotations.NullMarked;
