package io.gistream.config;

import java.util.List;

/** Everything that is wrong with the settings, found in one go. */
public final class SettingsException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final List<String> errors;

  SettingsException(List<String> errors) {
    super(
        (errors.size() == 1 ? "one setting is wrong:" : errors.size() + " settings are wrong:")
            + "\n  "
            + String.join("\n  ", errors));
    this.errors = List.copyOf(errors);
  }

  /** One line for each error: what is wrong, with which value, against which limit. */
  public List<String> errors() {
    return errors;
  }
}
