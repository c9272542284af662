package io.gistream.cli;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.ContextInitializer;
import ch.qos.logback.core.joran.spi.JoranException;
import io.gistream.config.GistreamOptions;
import io.gistream.config.Option;
import io.gistream.config.Settings;
import java.util.Locale;
import org.slf4j.LoggerFactory;

/** How and how much is logged: {@code logback.xml} reads what is set here. */
final class Logging {
  private Logging() {}

  static void apply(Settings settings) {
    boolean changed =
        set(settings, GistreamOptions.LOG_FORMAT, "gistream.log.format")
            | set(settings, GistreamOptions.LOG_LEVEL, "gistream.log.level");
    if (changed && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.reset();
      try {
        new ContextInitializer(context).autoConfig();
      } catch (JoranException e) {
        throw new IllegalStateException("logback.xml is part of Gistream and can be read", e);
      }
    }
  }

  private static <E extends Enum<E>> boolean set(
      Settings settings, Option<E> option, String property) {
    String text = settings.get(option).name().toLowerCase(Locale.ROOT);
    if (!settings.isGiven(option) || text.equals(System.getProperty(property, ""))) {
      return false;
    }
    System.setProperty(property, text);
    return true;
  }
}
