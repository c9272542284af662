package io.gistream.transcript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gistream.avro.ChunkStatus;
import io.gistream.avro.TranscriptChunk;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TranscriptsTest {

  /** A file, and what is in it: speaker, start-end in milliseconds, text. */
  private record Sample(String file, String... chunks) {
    @Override
    public String toString() {
      return file;
    }
  }

  static Stream<Sample> samples() {
    return Stream.of(
        new Sample(
            "zoom.vtt",
            "Maya Okafor|2310-5120|Good morning, shall we begin?",
            "Tom van Dijk|5600-9000|Yes. The pump failed again on Tuesday.",
            "Maya Okafor|9000-11500|Which one: the old one?"),
        new Sample(
            "teams.vtt",
            "Maya Okafor|3000-5500|We & they agreed on 5 < 7 items.",
            "Tom van Dijk|5500-3607250|Fine.",
            "Maya Okafor|5500-3607250|Good."),
        new Sample(
            "youtube.vtt",
            "-|120-2470|hello everyone and welcome",
            "-|2480-5100|to the pump show",
            "-|5110-8000|today we fix it"),
        new Sample(
            "film.srt",
            "-|1000-3500|The pump failed.",
            "-|4000-6000|Again?",
            "-|4000-6000|Again.",
            "-|6500-8000|The third has no number.",
            "MAYA|9000-12000|We need 42",
            "MAYA|12000-13000|parts by Friday.",
            "-|2000-3000|Sure."),
        new Sample("captions.sbv", "-|1000-2500|The pump failed.", "-|3000-4000|Again?"),
        new Sample(
            "names.txt",
            "Maya|-|Good morning. Note: the pump failed.",
            "Tom|-|It did, at 12:30. See https://example.com/pump: it says so. Twice, in fact.",
            "Maya|-|Then we replace it. And the valve.",
            "Maya|-|So much for that.",
            "Tom|-|Agreed."),
        new Sample(
            "times.txt",
            "Maya|723000-|Good morning.",
            "Tom|729000-|Morning.",
            "Maya|735000-|We begin.",
            "Tom van Dijk|740000-|Fine."),
        new Sample(
            "otter.txt",
            "-|-|Pump meeting",
            "Maya Okafor|3000-|Good morning. Shall we begin?",
            "Speaker 2|7000-|The pump failed. It was old.",
            "Maya Okafor|3602000-|We replace it then.",
            "Maya Okafor|-|Transcribed by a machine"),
        new Sample(
            "rev.txt",
            "Maya|12000-|Good morning.",
            "Tom|15000-|Morning.",
            "Maya|3617000-|We begin."),
        new Sample(
            "captions.txt",
            "JANE DOE|-|Good morning. The pump failed.",
            "-|-|When?",
            "JOHN|-|On Tuesday."),
        new Sample(
            "teams.txt",
            "Maya Okafor|3000-|Good morning.",
            "Tom van Dijk|7000-|The pump failed.",
            "Maya Okafor|12000-|Again?"),
        new Sample(
            "podcast.md",
            "Maya Okafor|21000-|Live from the pump house.",
            "Tom van Dijk|24000-|Explained.",
            "Maya Okafor|-|Hey, Tom. We're back.",
            "Tom van Dijk|3661000-|Bye."),
        new Sample(
            "chat.txt", "Maya|43323000-|Good morning.", "Tom van Dijk|43329000-|Morning: all."),
        new Sample("log.txt", "Maya|36123000-|Good morning.", "Tom|36180000-|Morning."),
        new Sample(
            "youtube.txt", "-|0-|hello everyone", "-|3000-|welcome to the", "-|5000-|pump show"),
        new Sample(
            "essay.txt",
            "-|-|The pump failed on Tuesday. Nobody knew why.",
            "-|-|Note: it was old. At 12:30 it stopped.",
            "-|-|We replaced it."),
        new Sample("whisper.json", "-|0-2480|The pump failed.", "-|2480-5000|We replaced it."),
        new Sample(
            "whisperx.json", "SPEAKER_00|30-2100|The pump failed.", "SPEAKER_01|2200-3100|Again?"),
        new Sample(
            "deepgram.json",
            "Speaker 0|100-1500|The pump failed.",
            "Speaker 0|1600-2000|It did.",
            "Speaker 1|2100-2600|Again?"),
        new Sample(
            "deepgram-utterances.json",
            "Speaker 0|100-1500|The pump failed.",
            "Speaker 1|2100-2600|Again?"),
        new Sample("aws.json", "spk_0|100-1500|The pump failed.", "spk_1|2100-2600|Again?"),
        new Sample(
            "aws-segments.json", "spk_0|100-1500|The pump failed.", "spk_1|2100-2600|Again?"),
        new Sample("assembly.json", "A|100-100500|The pump failed.", "B|102100-102600|Again?"),
        new Sample("google.json", "-|100-1500|the pump failed", "-|-|again"),
        new Sample(
            "azure.json", "Speaker 1|100-1500|The pump failed.", "Speaker 2|2100-2600|Again?"),
        new Sample("revai.json", "Speaker 0|100-1500|The pump.", "Speaker 1|2100-2600|Again?"),
        new Sample("json3.json", "-|100-1500|the pump", "-|2100-2600|again"),
        new Sample("whispercpp.json", "-|100-1500|The pump failed.", "-|2100-2600|Again?"),
        new Sample(
            "liberal.jsonl",
            "Maya|1500-2000|one",
            "Tom|3250-4000|two",
            "Maya|5000-6000|three",
            "Speaker 2|7000-7500|four",
            "Tom|9500-|five",
            "-|-|six",
            "-|-|seven",
            "-|12000-13500|eight"),
        new Sample(
            "whisper.tsv",
            "-|0-2480|The pump failed.",
            "-|2480-5000|We said \"replace it\", then did."),
        new Sample(
            "table.csv",
            "Maya|1000-2500|The pump, the old one,\nfailed.",
            "Tom|3000-|Again, really"),
        new Sample(
            "film.ass", "Maya|1000-2500|The pump, the old one, failed.", "-|3000-4000|Again?"),
        new Sample(
            "film.ttml",
            "-|1000-2500|The pump, the old one, failed & broke.",
            "-|3000-4000|Again?"));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void aFileIsReadByWhatIsInIt(Sample sample) throws IOException {
    byte[] bytes = resource(sample.file());

    assertThat(read(bytes)).containsExactly(sample.chunks());
  }

  @ParameterizedTest
  @MethodSource("samples")
  void lineEndsAndMarksAndEncodingsDoNotMatter(Sample sample) throws IOException {
    String text = new String(resource(sample.file()), StandardCharsets.UTF_8);
    String[] chunks = sample.chunks();

    assertThat(read(text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8)))
        .containsExactly(chunks);
    assertThat(read(text.replace("\n", "\r").getBytes(StandardCharsets.UTF_8)))
        .containsExactly(chunks);
    assertThat(read(("\uFEFF" + text).getBytes(StandardCharsets.UTF_8))).containsExactly(chunks);
    assertThat(read(text.getBytes(StandardCharsets.UTF_16))).containsExactly(chunks);
    assertThat(read(text.getBytes(StandardCharsets.UTF_16LE))).containsExactly(chunks);
    assertThat(read(zipped(text.getBytes(StandardCharsets.UTF_8)))).containsExactly(chunks);
  }

  @Test
  void chunksAreNumberedAndConfirmed() {
    List<TranscriptChunk> chunks =
        chunks("Maya: Good morning.\nTom: Morning.\n".getBytes(StandardCharsets.UTF_8));

    assertThat(chunks)
        .containsExactly(
            TranscriptChunk.newBuilder()
                .setStreamId("talk")
                .setSequence(0)
                .setText("Good morning.")
                .setSpeaker("Maya")
                .setStatus(ChunkStatus.CONFIRMED)
                .build(),
            TranscriptChunk.newBuilder()
                .setStreamId("talk")
                .setSequence(1)
                .setText("Morning.")
                .setSpeaker("Tom")
                .build());
  }

  @ParameterizedTest
  @EnumSource(TranscriptFormat.class)
  void anEmptyFileHasNoChunks(TranscriptFormat format) {
    for (String text : List.of("", "\n\n", "\uFEFF", " \r\n")) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      if (format != TranscriptFormat.XML) {
        assertThat(Transcripts.read(new ByteArrayInputStream(bytes), format, "talk")).isEmpty();
      }
      assertThat(read(bytes)).isEmpty();
    }
    assertThat(read("WEBVTT\n")).isEmpty();
    assertThat(read("[]")).isEmpty();
    assertThat(read("{\"segments\": []}")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "WEBVTT,x.txt,VTT",
    "'1\n00:00:01,000 --> 00:00:02,000\nhi',x.txt,SRT",
    "'00:01.000 --> 00:02.000\nhi',,SRT",
    "'{\"text\": \"a\"}\n{\"text\": \"b\"}',x.json,JSONL",
    "'{\"text\": \"a\"}',x.json,JSON",
    "'{\"text\": \"a\"}',,JSONL",
    "'{\n\"text\": \"a\"}',x.jsonl,JSON",
    "'[{\"text\": \"a\"}]',,JSON",
    "'[00:12:03] Bob: hi',,TEXT",
    "'[laughter] hi',,TEXT",
    "'{disfmarker} hi',,TEXT",
    "'Bob: hi',x.srt,TEXT",
    "'not json',x.json,JSON",
    "'not json',x.JSONL.gz,JSONL",
    "'start,end,text\n0,1,hi',,CSV",
    "'text, he said, is text',,TEXT",
    "'<?xml version=\"1.0\"?><tt/>',,XML",
    "'',x.json,TEXT",
  })
  void theFormatIsThatOfTheContentBeforeThatOfTheName(
      String text, @Nullable String name, TranscriptFormat format) {
    assertThat(TranscriptFormat.detect(text, name)).isEqualTo(format);
  }

  @Test
  void aFileIsReadAndClosed(@TempDir Path folder) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("talk.json"), "{\"text\": \"" + "word. ".repeat(200) + "\"}");

    try (Stream<TranscriptChunk> chunks = Transcripts.read(file, null, "talk")) {
      assertThat(chunks).hasSizeBetween(3, 5);
    }
  }

  @Test
  void linesOfJsonAreReadAsTheyCome() throws IOException {
    try (PipedOutputStream out = new PipedOutputStream();
        PipedInputStream in = new PipedInputStream(out)) {
      out.write("{\"text\": \"one\"}\n".getBytes(StandardCharsets.UTF_8));
      out.flush();
      var chunks = Transcripts.read(in, null, "talk").iterator();

      assertThat(chunks.next().getText()).isEqualTo("one");

      out.write("{\"text\": \"two\"}\n".getBytes(StandardCharsets.UTF_8));
      out.flush();
      assertThat(chunks.next().getText()).isEqualTo("two");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`{\"text\": \"a\"}\n\nnot json`|Line 3|not json",
        "`{\"text\": \"a\"}\n{\"text\": \"b\"`|Line 2|not JSON",
        "`{\"text\": \"a\"}\n{\"text\": \"b\"} x`|Line 2|not JSON",
        "`{\"text\": \"a\"}\n{\"speech\": \"b\", \"x\": 1}`|Line 2|fields speech, x",
        "`{\"text\": \"a\"}\n42`|Line 2|no text",
        "`{\"id\": \"a\", \"segments\": [{\"text\": \"x\"}]}\n{\"id\": \"b\", \"segments\": [{\"text\": \"y\"}]}`|Line 2|file of its own",
        "`{\n\"text\": \"a\",\n}`|line 3|not JSON",
        "`{\n\"speech\": \"a\"\n}`|speech|\"segments\"",
        "`[{\"a\": 1}]`|array of 1|\"text\"",
        "`<?xml version=\"1.0\"?>\n<tt><p>a</tt>`|line 2|XML",
        "`start,end,text\n1,2,three,four`||",
        "`text,start\nhi,1,2`|Line 2|3 cells",
        "%PDF-1.7|PDF|Export",
        "`<!DOCTYPE html><p>hi`|web page|Export",
        "PK\u0003\u0004xyz|Word|Export",
        "abc\u0000def|binary|Export",
      })
  void whatCannotBeReadIsSaidInOneLine(String text, @Nullable String where, @Nullable String why) {
    if (where == null || why == null) {
      assertThat(read(text)).containsExactly("-|1000-2000|three, four");
      return;
    }
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(TranscriptException.class)
        .hasMessageContaining(where)
        .hasMessageContaining(why)
        .extracting(Throwable::getMessage)
        .asString()
        .hasLineCount(1);
  }

  @Test
  void windowsTextAndDamagedTextAreRead() {
    byte[] windows = "Zoë: Café “ok”\nTom: naïve\n".getBytes(Charset.forName("windows-1252"));
    byte[] damaged = "Zoë: Caf\u00e9 X\nTom: ok\n".getBytes(StandardCharsets.UTF_8);
    damaged[11] = (byte) 0xff;

    assertThat(read(windows)).containsExactly("Zoë|-|Café “ok”", "Tom|-|naïve");
    assertThat(read(damaged)).containsExactly("Zoë|-|Café\uFFFDX", "Tom|-|ok");
  }

  @Test
  void halfASurrogatePairIsReplaced() {
    assertThat(read("{\"text\": \"a\\ud83d b\", \"speaker\": \"\\ude00\"}"))
        .containsExactly("\uFFFD|-|a\uFFFD b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "12:30 is when we meet.",
        "Note: the pump failed.",
        "https://example.com/pump is the page.",
        "We said: no.",
        "Conclusion: we replace it.\nNote: it was old.",
        "We meet at 10:30",
        "<3 pumps",
        "A --> B is a step.",
      })
  void whatOnlyLooksLikeASpeakerIsText(String text) {
    assertThat(read(text))
        .containsExactly(text.lines().map(l -> "-|-|" + l).toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`Speaker 1: hi`|`Speaker 1/hi`",
        "`alice: hi\nbob: hello\nalice: so`|`alice/hi bob/hello alice/so`",
        "`**Bob:** hi\n**Ann:** yes`|`Bob/hi Ann/yes`",
        "`<bob> hi\n<ann> yes`|`bob/hi ann/yes`",
        "`12:03:00 From Bob to Everyone: hi\n12:04:00 From Ann: yes`|`Bob/hi Ann/yes`",
        "`Bob: [00:03] hi\nAnn: (00:05) yes`|`Bob/hi Ann/yes`",
        "`12/05/2024, 10:02 - Bob: hi\n12/05/2024, 10:03 - Ann: yes`|`Bob/hi Ann/yes`",
        "`Q: Why?\nA: So.`|`Q/Why? A/So.`",
        "`李明：你好\n王芳：好`|`李明/你好 王芳/好`",
        "`Dr. O'Neil-Smith (Host): hi\nAnn: yes`|`Dr. O'Neil-Smith (Host)/hi Ann/yes`",
        "`[Bob Smith] 20:31:12\nhi\n\n[Ann] 20:31:15\nyes\n\n[Bob Smith] 20:31:18\nno`|`Bob Smith/hi Ann/yes Bob Smith/no`",
        "`Bob - 0:03\nhi\n\nBob - 0:09\nyes`|`Bob/hi Bob/yes`",
        "`BOB JONES: hi\nthere\nANN: yes\nBOB JONES: no\nANN: oh`|`BOB JONES/hi there ANN/yes BOB JONES/no ANN/oh`",
      })
  void speakersAreRecognisedInMoreThanOneWay(String text, String said) {
    String read =
        chunks(text.getBytes(StandardCharsets.UTF_8)).stream()
            .map(c -> c.getSpeaker() + "/" + c.getText())
            .collect(Collectors.joining(" "));

    assertThat(read).isEqualTo(said);
  }

  @Test
  void aWallOfTextIsCutAtSentences() {
    String sentence = "This is a sentence of the talk that has twelve words, okay? ";

    List<TranscriptChunk> chunks = chunks(sentence.repeat(100).getBytes(StandardCharsets.UTF_8));

    assertThat(chunks)
        .hasSizeGreaterThan(15)
        .allSatisfy(c -> assertThat(c.getText()).startsWith("This").endsWith("okay?"))
        .allSatisfy(c -> assertThat(c.getText().split(" ")).hasSizeLessThan(90));
    assertThat(chunks.stream().map(TranscriptChunk::getText).collect(Collectors.joining(" ")))
        .isEqualTo(sentence.repeat(100).strip());
  }

  @Test
  void aWallWithoutSentencesOrSpacesIsCutToo() {
    assertThat(read("word ".repeat(1000))).hasSizeBetween(10, 25);
    assertThat(read("\uD83D\uDE00".repeat(5000)))
        .hasSizeGreaterThan(3)
        .allSatisfy(c -> assertThat(c.substring(4).codePoints()).containsOnly(0x1F600));
    assertThat(read("汉字很好。".repeat(1000))).hasSizeGreaterThan(5).allMatch(c -> c.endsWith("。"));
  }

  @Test
  void noChunkOfAnyFormatIsEndless() {
    String wall = "word ".repeat(20_000);

    for (String text :
        List.of(
            "{\"text\": \"" + wall + "\"}\n{\"text\": \"end\"}",
            "WEBVTT\n\n00:01.000 --> 00:02.000\n" + wall,
            "start,end,text\n1,2," + wall)) {
      assertThat(chunks(text.getBytes(StandardCharsets.UTF_8)))
          .hasSizeGreaterThan(100)
          .allSatisfy(c -> assertThat(c.getText().length()).isLessThan(1000));
    }
  }

  @Test
  void captionsThatGrowSayEachWordOnce() {
    String cues =
        "00:01.000 --> 00:02.000\nwe will\n\n"
            + "00:02.000 --> 00:03.000\nwe will replace\n\n"
            + "00:03.000 --> 00:04.000\nwe will replace the pump\n\n"
            + "00:04.000 --> 00:05.000\nthe pump on Friday\n";

    assertThat(read(cues))
        .containsExactly(
            "-|1000-2000|we will",
            "-|2000-3000|replace",
            "-|3000-4000|the pump",
            "-|4000-5000|on Friday");
  }

  @Test
  void captionsThatRepeatWhatWasRepeatedAreKept() {
    StringBuilder cues = new StringBuilder("WEBVTT\n\n");
    List<String> said =
        List.of(
            "No.",
            "No.",
            "It is fine.",
            "It is fine.",
            "We go now.",
            "Then what?",
            "A pump.",
            "Old.");
    for (int i = 0; i < said.size(); i++) {
      cues.append("00:0")
          .append(i)
          .append(".000 --> 00:0")
          .append(i + 1)
          .append(".000\n")
          .append(said.get(i))
          .append("\n\n");
    }

    assertThat(chunks(cues.toString().getBytes(StandardCharsets.UTF_8)))
        .extracting(TranscriptChunk::getText)
        .isEqualTo(said);
  }

  @Test
  void aBlankLineInACaptionLosesNothing() {
    String srt =
        "1\n00:00:01,000 --> 00:00:02,000\nfirst\n\nsecond\n\n2\n00:00:03,000 --> 00:00:04,000\n3\n";

    assertThat(read(srt)).containsExactly("-|1000-2000|first second", "-|3000-4000|3");
  }

  @Test
  void numbersTakeTheUnitThatTheirFieldNames() {
    assertThat(
            read(
                "[{\"text\": \"a\", \"start\": \"1:02:03\", \"end\": 3724},"
                    + "{\"text\": \"b\", \"startTimeMs\": 1, \"endTimeMs\": \"2\"},"
                    + "{\"text\": \"c\", \"start_seconds\": 1.2345, \"end_seconds\": 1e300},"
                    + "{\"text\": \"d\", \"begin\": -1, \"end\": null},"
                    + "{\"text\": \"e\", \"timestamp\": [0.5, 1.25]},"
                    + "{\"text\": \"f\", \"start\": 1700000000000000}]"))
        .containsExactly(
            "-|3723000-3724000|a", "-|1-2|b", "-|1235-|c", "-|-1000-|d", "-|500-1250|e", "-|-|f");
  }

  @Test
  void timesThatRunBackwardsAreKept() {
    assertThat(
            read(
                "{\"text\": \"a\", \"start\": 9.5, \"end\": 1}\n{\"text\": \"b\", \"start\": 2.0}"))
        .containsExactly("-|9500-1000|a", "-|2000-|b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "\n",
        ":",
        "a:",
        "A: ",
        "12:30 ",
        "[",
        "{",
        "<",
        ">",
        ">> ",
        "00:01 --> 00:02\n",
        "\"",
        "&",
        "-",
        "Bob: \n",
        "Bob 0:03\n",
        "<v Bob>",
        "{\\an8}",
        "\u00a0",
        "( ",
        "A b 1:"
      })
  void aMegabyteOfAnythingIsRead(String unit) {
    String text = unit.repeat(1_000_000 / unit.length());

    try {
      assertThat(read("x\n" + text).size()).isGreaterThanOrEqualTo(0);
      assertThat(read("WEBVTT\n\n00:01.000 --> 00:02.000\n" + text)).hasSizeGreaterThanOrEqualTo(0);
      read(text);
    } catch (TranscriptException e) {
      assertThat(e.getMessage()).hasLineCount(1);
    }
  }

  @Test
  void noRubbishBreaksAReader() {
    String[] pieces = {
      "WEBVTT",
      "\n",
      "\n\n",
      "1",
      "00:00:01.000",
      " --> ",
      "00:00:02,000",
      "Bob: ",
      "{\"text\": \"a\"}",
      "{",
      "}",
      "[",
      "]",
      "\"",
      ",",
      "<v Bob>",
      "</v>",
      ">>",
      "&amp;",
      "&#99999999;",
      "&#xD800;",
      "\t",
      "text",
      "start",
      "[Script Info]",
      "[Events]",
      "Dialogue: ",
      "<tt>",
      "<p begin=\"1s\">",
      "<?xml?>",
      "NOTE",
      "\u0001",
      "\uD83D\uDE00",
      "999999999999999:00"
    };
    for (int seed = 0; seed < 5_000; seed++) {
      Random random = new Random(seed);
      String text =
          IntStream.range(0, random.nextInt(25))
              .mapToObj(i -> pieces[random.nextInt(pieces.length)])
              .collect(Collectors.joining());
      for (TranscriptFormat format : formats(random)) {
        List<TranscriptChunk> chunks = new ArrayList<>();
        try {
          Transcripts.read(
                  new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), format, "talk")
              .forEach(chunks::add);
        } catch (TranscriptException e) {
          assertThat(e.getMessage()).as("seed %s", seed).hasLineCount(1);
        }
        assertThat(chunks).as("seed %s", seed).noneMatch(c -> c.getText().isBlank());
      }
    }
  }

  private static List<TranscriptFormat> formats(Random random) {
    TranscriptFormat[] formats = TranscriptFormat.values();
    return List.of(
        formats[random.nextInt(formats.length)], formats[random.nextInt(formats.length)]);
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(TranscriptsTest.class.getResourceAsStream("/transcripts/" + name))) {
      return in.readAllBytes();
    }
  }

  private static byte[] zipped(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(bytes);
    }
    return out.toByteArray();
  }

  private static List<TranscriptChunk> chunks(byte[] bytes) {
    return Transcripts.read(new ByteArrayInputStream(bytes), null, "talk").toList();
  }

  private static List<String> read(String text) {
    return read(text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> read(byte[] bytes) {
    return chunks(bytes).stream()
        .map(
            c -> {
              String end = c.getEndMillis() == null ? "" : c.getEndMillis().toString();
              String start = c.getStartMillis() == null ? "" : c.getStartMillis().toString();
              String speaker = c.getSpeaker() == null ? "-" : c.getSpeaker();
              return speaker + "|" + start + "-" + end + "|" + c.getText();
            })
        .toList();
  }
}
