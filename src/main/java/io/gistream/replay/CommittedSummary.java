package io.gistream.replay;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What is kept in memory of a record that is on the summaries topic. */
record CommittedSummary(int partition, long offset, RecordDigest digest) {
  static CommittedSummary of(ConsumerRecord<byte[], byte[]> record) {
    return new CommittedSummary(
        record.partition(),
        record.offset(),
        RecordDigest.of(record.value(), record.timestamp(), record.headers()));
  }
}
