package io.gistream.api;

import io.micronaut.core.bind.ArgumentBinder.BindingResult;
import io.micronaut.core.convert.ArgumentConversionContext;
import io.micronaut.core.type.Argument;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.bind.binders.TypedRequestArgumentBinder;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Gives controllers the {@link StreamId} of their request. */
@Singleton
final class StreamIdBinder implements TypedRequestArgumentBinder<StreamId> {
  @Override
  public Argument<StreamId> argumentType() {
    return Argument.of(StreamId.class);
  }

  @Override
  public BindingResult<StreamId> bind(
      ArgumentConversionContext<StreamId> context, HttpRequest<?> source) {
    StreamId id = StreamId.of(source);
    return () -> Optional.of(id);
  }
}
