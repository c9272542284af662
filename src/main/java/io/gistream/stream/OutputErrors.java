package io.gistream.stream;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a record that could not be written. In a transaction there is no going on without
 * it: the producer takes back all that belongs to it. So the thread fails, a new one reads the same
 * chunks again, and what was refused for its size goes to the dead letters then, in the same
 * transaction as the state behind it.
 */
public final class OutputErrors implements ProductionExceptionHandler {
  /** Under this name the configuration holds the {@link OutputLimits} to be told. */
  static final String LIMITS = "gistream.output.limits";

  private static final Logger LOG = LoggerFactory.getLogger(OutputErrors.class);

  private OutputLimits limits = OutputLimits.none();

  /** For Kafka Streams, which makes one of each class it is given the name of. */
  public OutputErrors() {}

  @Override
  public void configure(Map<String, ?> configs) {
    if (configs.get(LIMITS) instanceof OutputLimits given) {
      limits = given;
    }
  }

  @Override
  public Response handleError(
      ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception exception) {
    if (exception instanceof RetriableException) {
      return Response.retry(); // the task begins again where its last transaction ended
    }
    if (exception instanceof RecordTooLargeException) {
      long bytes = OutputHeaders.size(record.key(), record.value(), record.headers());
      if (limits.refused(record.topic(), bytes)) {
        LOG.warn(
            "Topic {} does not take a record of {} bytes (max.message.bytes, or the producer's"
                + " max.request.size); such records are dead letters until this process ends",
            record.topic(),
            bytes);
      }
    }
    return Response.fail();
  }

  /** All that is written is made here, of records whose every field is set: a fault of ours. */
  @Override
  @SuppressWarnings("rawtypes")
  public Response handleSerializationError(
      ErrorHandlerContext context,
      ProducerRecord record,
      Exception exception,
      SerializationExceptionOrigin origin) {
    return Response.fail();
  }
}
