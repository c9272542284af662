package io.gistream.config;

/**
 * Where in a JSON value the parts of a chunk are, each as a JSON pointer (RFC 6901); empty for a
 * part that the value has not.
 *
 * @param streamId empty where the record key alone says it
 * @param confirmed a boolean: false for a draft; without one every chunk is confirmed
 * @param timesInSeconds whether times are in seconds, else in milliseconds
 */
public record JsonInput(
    String streamId,
    String sequence,
    String text,
    String speaker,
    String start,
    String end,
    boolean timesInSeconds,
    String confirmed,
    String endOfStream) {

  public static JsonInput from(Settings settings) {
    return new JsonInput(
        settings.get(GistreamOptions.INPUT_JSON_STREAM_ID),
        settings.get(GistreamOptions.INPUT_JSON_SEQUENCE),
        settings.get(GistreamOptions.INPUT_JSON_TEXT),
        settings.get(GistreamOptions.INPUT_JSON_SPEAKER),
        settings.get(GistreamOptions.INPUT_JSON_START),
        settings.get(GistreamOptions.INPUT_JSON_END),
        settings.get(GistreamOptions.INPUT_JSON_TIME_UNIT) == GistreamOptions.TimeUnit.SECONDS,
        settings.get(GistreamOptions.INPUT_JSON_CONFIRMED),
        settings.get(GistreamOptions.INPUT_JSON_END_OF_STREAM));
  }
}
