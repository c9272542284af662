package io.gistream.api;

import io.gistream.stream.StreamInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of the streams, in the order of their ids.
 *
 * @param next path of the page behind this one; null on the last
 */
record StreamsPage(List<StreamInfo> streams, @Nullable String next) {}
