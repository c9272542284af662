package io.gistream.redaction;

/** Replaces one kind of thing in a text by its name in brackets. */
@FunctionalInterface
interface Mask {
  /** The text without it; the same object when it had none. */
  String apply(String text);
}
