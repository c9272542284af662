package io.gistream.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of the streams, in the order of their ids.
 *
 * @param next path of the page behind this one; null on the last
 * @param complete whether every instance has answered
 */
record StreamsPage(List<StreamView> streams, @Nullable String next, boolean complete) {}
