package org.penstock.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.SynchronousBundleListener;

/** What is put into load/ is taken up while the container runs, and goes when it is taken away. */
@Tag("container")
@ExtendWith(DistributionExtension.class)
class LoadFolderIT {

  private static final long LIMIT_SECONDS = 30;

  @TempDir private Path elsewhere;

  @Test
  void bundleComesAndGoes(PaxContainer container) throws Exception {
    String name = "org.example.visitor";
    Path jar = container.load().resolve("visitor.jar");
    CompletableFuture<?> started = event(container.context(), name, BundleEvent.STARTED);
    // Made elsewhere and moved, so that it is never seen half written.
    Files.move(bundle(name), jar, StandardCopyOption.ATOMIC_MOVE);
    started.get(LIMIT_SECONDS, TimeUnit.SECONDS);

    CompletableFuture<?> gone = event(container.context(), name, BundleEvent.UNINSTALLED);
    Files.delete(jar);
    gone.get(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void configurationIsTakenUpAndItsFileLeftAlone(PaxContainer container) throws Exception {
    String text = "# A person's own words.\ncolour = green\n";
    Path file = container.load().resolve("org.example.thing-one.cfg");
    Path made = Files.writeString(elsewhere.resolve("made.cfg"), text);
    Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);

    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (configurations(container.context(), "(colour=green)") == 0) {
      assertThat(System.nanoTime()).as("no configuration came").isLessThan(deadline);
      Thread.yield();
    }
    assertThat(file).hasContent(text);
  }

  private static CompletableFuture<?> event(BundleContext context, String name, int type) {
    CompletableFuture<BundleEvent> future = new CompletableFuture<>();
    SynchronousBundleListener listener =
        event -> {
          if (event.getType() == type && name.equals(event.getBundle().getSymbolicName())) {
            future.complete(event);
          }
        };
    context.addBundleListener(listener);
    return future;
  }

  private Path bundle(String name) throws Exception {
    Manifest manifest = new Manifest();
    Attributes headers = manifest.getMainAttributes();
    headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    headers.putValue("Bundle-ManifestVersion", "2");
    headers.putValue("Bundle-SymbolicName", name);
    Path jar = elsewhere.resolve("bundle.jar");
    try (OutputStream file = Files.newOutputStream(jar)) {
      new JarOutputStream(file, manifest).close();
    }
    return jar;
  }

  /** Config Admin's classes are the bundle's, which this test does not see. */
  private static int configurations(BundleContext context, String filter) throws Exception {
    ServiceReference<?> reference =
        context.getAllServiceReferences("org.osgi.service.cm.ConfigurationAdmin", null)[0];
    Object admin = context.getService(reference);
    Class<?> type = reference.getBundle().loadClass("org.osgi.service.cm.ConfigurationAdmin");
    Object[] found =
        (Object[]) type.getMethod("listConfigurations", String.class).invoke(admin, filter);
    return found == null ? 0 : found.length;
  }
}
