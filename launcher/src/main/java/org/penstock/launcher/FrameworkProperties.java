package org.penstock.launcher;

import java.util.HashMap;
import java.util.Map;
import org.osgi.framework.Constants;

/** The framework properties of the embedded container, those of File Install and Gogo included. */
final class FrameworkProperties {

  /**
   * The launcher reads the log, so its classes are the bundles' classes. The version is the
   * package's, not the jar's.
   */
  static final String LOG_PACKAGE = "org.osgi.service.log;version=\"1.5.0\"";

  private FrameworkProperties() {}

  static Map<String, String> of(Options options) {
    Map<String, String> properties = new HashMap<>();
    properties.put(
        Constants.FRAMEWORK_STORAGE, options.run().resolve("cache").toAbsolutePath().toString());
    // Nothing is remembered from run to run: bundles/, conf/ and load/ say what there is.
    properties.put(
        Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
    properties.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, LOG_PACKAGE);
    properties.put("org.osgi.service.log.admin.loglevel", "INFO");
    // JLine reaches sun.misc.Signal by name.
    properties.put(Constants.FRAMEWORK_BOOTDELEGATION, "sun.misc");
    fileInstall(options, properties);
    // Its etc/gosh_profile is what the shell reads first.
    properties.put("gosh.home", options.home().toAbsolutePath().toString());
    return properties;
  }

  private static void fileInstall(Options options, Map<String, String> properties) {
    properties.put(
        "felix.fileinstall.dir",
        options.conf().toAbsolutePath() + "," + options.load().toAbsolutePath());
    properties.put(
        "felix.fileinstall.tmpdir", options.run().resolve("tmp").toAbsolutePath().toString());
    // For configurations that name files beside themselves, as ${penstock.conf}.
    properties.put("penstock.conf", options.conf().toAbsolutePath().toString());
    properties.put("felix.fileinstall.filter", ".*\\.(cfg|config|jar)");
    properties.put("felix.fileinstall.noInitialDelay", "true");
    properties.put("felix.fileinstall.poll", "1000");
    // A file that a person wrote is never written to.
    properties.put("felix.fileinstall.enableConfigSave", "false");
    properties.put("felix.fileinstall.log.level", "2");
    properties.put("felix.fileinstall.log.default", "jul");
  }
}
