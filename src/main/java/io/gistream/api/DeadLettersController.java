package io.gistream.api;

import io.gistream.api.security.Caller;
import io.gistream.api.security.Role;
import io.gistream.feed.DeadLetterNote;
import io.gistream.feed.Feed;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import java.util.List;

/** Records that could not be summarised, as this instance remembers them. */
@Controller("/v1/dead-letters")
final class DeadLettersController {
  private static final int MAX_LIMIT = 200;

  private final Feed feed;

  DeadLettersController(Feed feed) {
    this.feed = feed;
  }

  /**
   * The newest first.
   *
   * @param total since the topic was begun to be followed; of those that are shown, for a caller
   *     who may not see all
   */
  record DeadLetters(List<DeadLetterNote> deadLetters, long total) {}

  @Get
  @Needs(Role.READ)
  DeadLetters list(HttpRequest<?> request, @QueryValue(defaultValue = "50") int limit) {
    Bounds.check("limit", limit, MAX_LIMIT);
    Caller caller = Gate.caller(request);
    List<DeadLetterNote> his =
        feed.deadLetters().stream()
            .filter(
                it ->
                    caller.ofAllStreams()
                        || (it.streamId() != null && caller.mayTouch(it.streamId())))
            .toList();
    return new DeadLetters(
        his.subList(0, Math.min(limit, his.size())),
        caller.ofAllStreams() ? feed.deadLettersSeen() : his.size());
  }
}
