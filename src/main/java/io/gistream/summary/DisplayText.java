package io.gistream.summary;

/** Makes a spoken sentence fit to be read: fillers and false starts removed, by rule. */
public final class DisplayText {
  private DisplayText() {}

  /** The sentence as shown; empty when nothing but fillers was said. */
  public static String of(String spoken) {
    throw new UnsupportedOperationException();
  }
}
