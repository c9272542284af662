package io.gistream.stream;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * Memory outside the heap for all state stores of an instance together, however many partitions it
 * owns. Left to themselves they take up to 98 MiB each: a block cache of 50 and three memtables of
 * 16, as Kafka Streams sets them.
 *
 * <p>What RocksDB writes is counted against the cache, and so are its indexes and filters.
 */
final class StoreMemory implements AutoCloseable {
  /** Under this name the configuration holds the one to share. */
  static final String SHARED = "gistream.store.memory";

  /** Of the whole, what may wait in memtables to be written; the oldest are written beyond it. */
  private static final double WRITE_SHARE = 0.5;

  private static final long MEMTABLE_BYTES = 4L << 20;

  private final Cache cache;
  private final WriteBufferManager writes;

  StoreMemory(long bytes) {
    RocksDB.loadLibrary();
    cache = new LRUCache(bytes);
    writes = new WriteBufferManager((long) (bytes * WRITE_SHARE), cache);
  }

  /** For Kafka Streams, which makes one for each store it opens. */
  public static final class Setter implements RocksDBConfigSetter {
    public Setter() {}

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
      if (configs.get(SHARED) instanceof StoreMemory shared
          && options.tableFormatConfig() instanceof BlockBasedTableConfig table) {
        table.setBlockCache(shared.cache);
        table.setCacheIndexAndFilterBlocks(true);
        table.setPinTopLevelIndexAndFilter(true);
        options.setWriteBufferManager(shared.writes);
        options.setWriteBufferSize(MEMTABLE_BYTES);
        options.setTableFormatConfig(table);
      }
    }

    /** What is shared outlives the store. */
    @Override
    public void close(String storeName, Options options) {}
  }

  /** Only once every store is closed. */
  @Override
  public void close() {
    writes.close();
    cache.close();
  }
}
