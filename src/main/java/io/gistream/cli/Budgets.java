package io.gistream.cli;

import io.gistream.config.GistreamOptions;
import io.gistream.config.Settings;
import org.jspecify.annotations.Nullable;

/** {@code --budget}, short for {@code --set summary.budget-words}. */
final class Budgets {
  private Budgets() {}

  static Settings apply(Settings settings, @Nullable Integer budget) {
    return budget == null
        ? settings
        : settings.with(GistreamOptions.SUMMARY_BUDGET_WORDS, Integer.toString(budget), "--budget");
  }
}
