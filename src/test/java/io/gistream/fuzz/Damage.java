package io.gistream.fuzz;

import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;

/**
 * What happens to bytes on their way.
 *
 * @param what it is, for the report of a property that fails
 */
public record Damage(String what, UnaryOperator<byte[]> damage) {
  public static final Damage NONE = new Damage("none", bytes -> bytes);

  private static final int MAGIC_AND_FINGERPRINT = 10;

  /** The damaged bytes; those given are left as they are. */
  public byte[] of(byte[] bytes) {
    return bytes.length == 0 ? bytes : damage.apply(bytes.clone());
  }

  /** Cut short. */
  public static Arbitrary<Damage> cut() {
    return share().map(at -> new Damage("cut at " + at, b -> Arrays.copyOf(b, index(at, b))));
  }

  /** Something behind the end. */
  public static Arbitrary<Damage> longer() {
    return noise(1, 50)
        .map(
            more ->
                new Damage(
                    more.length + " bytes behind the end",
                    b -> splice(b, b.length, b.length, more)));
  }

  /** Up to four bits flipped, anywhere. */
  public static Arbitrary<Damage> flips() {
    return Combinators.combine(share(), Arbitraries.integers().between(0, 7))
        .as(Flip::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4)
        .map(Damage::flipped);
  }

  private record Flip(double at, int bit) {}

  private static Damage flipped(List<Flip> flips) {
    return new Damage(
        flips.toString(),
        bytes -> {
          flips.forEach(flip -> flip(bytes, index(flip.at(), bytes), flip.bit()));
          return bytes;
        });
  }

  /** A bit of the schema's fingerprint flipped. */
  public static Arbitrary<Damage> fingerprint() {
    return Combinators.combine(
            Arbitraries.integers().between(2, MAGIC_AND_FINGERPRINT - 1),
            Arbitraries.integers().between(0, 7))
        .as((at, bit) -> new Damage("fingerprint", b -> flip(b, Math.min(at, b.length - 1), bit)));
  }

  /** A length of many gigabytes, or a number with too many bytes, somewhere. */
  public static Arbitrary<Damage> absurdLength() {
    return Combinators.combine(
            share(),
            Arbitraries.of(
                new byte[] {-2, -1, -1, -1, 15}, // 2^31 - 1
                new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, 1}, // Long.MIN_VALUE
                new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1}))
        .as(
            (at, length) ->
                new Damage(
                    "absurd length at " + at,
                    b -> splice(b, index(at, b), index(at, b) + 1, length)));
  }

  /** Nothing right but the first bytes. */
  public static Arbitrary<Damage> noiseBehindTheHeader() {
    return noise(0, 200)
        .map(
            noise ->
                new Damage(
                    noise.length + " bytes of noise behind the header",
                    b -> splice(b, Math.min(MAGIC_AND_FINGERPRINT, b.length), b.length, noise)));
  }

  /** Any damage to a record in Avro single-object encoding. */
  public static Arbitrary<Damage> any() {
    return Arbitraries.oneOf(
        cut(), longer(), flips(), fingerprint(), absurdLength(), noiseBehindTheHeader());
  }

  /** Random bytes. */
  public static Arbitrary<byte[]> noise(int least, int most) {
    return Arbitraries.bytes().array(byte[].class).ofMinSize(least).ofMaxSize(most);
  }

  private static Arbitrary<Double> share() {
    return Arbitraries.integers()
        .between(0, 99_999)
        .withDistribution(RandomDistribution.uniform())
        .map(part -> part / 100_000.0);
  }

  private static int index(double share, byte[] bytes) {
    return (int) (share * bytes.length);
  }

  private static byte[] flip(byte[] bytes, int at, int bit) {
    bytes[at] ^= (byte) (1 << bit);
    return bytes;
  }

  private static byte[] splice(byte[] bytes, int from, int to, byte[] between) {
    byte[] spliced = Arrays.copyOf(bytes, from + between.length + bytes.length - to);
    System.arraycopy(between, 0, spliced, from, between.length);
    System.arraycopy(bytes, to, spliced, from + between.length, bytes.length - to);
    return spliced;
  }

  @Override
  public String toString() {
    return what;
  }
}
