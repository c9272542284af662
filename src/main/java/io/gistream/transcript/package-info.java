/**
 * Readers that turn transcript files of many kinds into chunks.
 *
 * <pre>{@code
 * try (Stream<TranscriptChunk> chunks = Transcripts.read(Path.of("talk.vtt"), null, "talk")) {
 *   chunks.forEach(producer::send);
 * }
 * }</pre>
 */
@NullMarked
package io.gistream.transcript;

import org.jspecify.annotations.NullMarked;
