package io.gistream;

/** Entry point of the command line. */
public final class Gistream {
  private Gistream() {}

  public static void main(String[] args) {
    System.out.println("gistream");
  }
}
