package org.penstock.shell;

import org.apache.felix.service.command.Converter;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.penstock.shell.internal.Report;

/** Has Gogo show reports by their texts. */
@Component(service = Converter.class, property = "osgi.converter.classes=org.penstock.shell.Report")
public final class ReportConverter implements Converter {

  /** For the component runtime. */
  @Activate
  public ReportConverter() {}

  @Override
  public @Nullable Object convert(Class<?> desired, Object in) {
    return null;
  }

  @Override
  public @Nullable CharSequence format(Object target, int level, Converter escape) {
    return target instanceof Report report ? report.text() : null;
  }
}
