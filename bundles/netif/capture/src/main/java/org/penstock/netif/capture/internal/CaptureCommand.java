package org.penstock.netif.capture.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import org.apache.felix.service.command.Descriptor;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.penstock.api.netif.LinkType;
import org.penstock.api.netif.SlotObserver;
import org.penstock.api.runtime.SystemRuntime;
import org.penstock.api.view.InterfaceView;
import org.penstock.api.view.StackView;
import org.penstock.netif.capture.Capture;
import org.penstock.netif.capture.CaptureSettings;

/** The command that starts, shows and ends captures; they end with their bundle. */
// Immediate, so that captures outlive the call that starts them: Gogo lets go of a command at once.
@Component(
    service = CaptureCommand.class,
    immediate = true,
    property = {"osgi.command.scope=net", "osgi.command.function=capture"})
public final class CaptureCommand {

  private record Running(
      int id, String stack, Capture capture, ServiceRegistration<SlotObserver> registration) {

    void end() {
      // The stack has let go of it first, so that the file's end is the end.
      registration.unregister();
      capture.close();
    }

    CaptureReport.Line line() {
      CaptureSettings settings = capture.settings();
      return new CaptureReport.Line(
          id, stack, settings.slot(), settings.target().toString(), capture.statistics());
    }
  }

  private final BundleContext context;
  private final Map<StackView, Integer> stacks = new HashMap<>();
  private final List<Running> captures = new ArrayList<>();
  private int lastId;

  /** For the component runtime. */
  @Activate
  public CaptureCommand(BundleContext context) {
    this.context = context;
  }

  @Deactivate
  synchronized void deactivate() {
    captures.forEach(Running::end);
    captures.clear();
  }

  /** Starts, shows or ends captures. */
  @Descriptor(
      "captures what an interface sends and receives, as pcapng, to a file or a named pipe:"
          + " net:capture [-s STACK] INTERFACE FILE [--count N] [--size BYTES [--ring N]]"
          + " [--snap BYTES] [--drops] [--buffer BYTES]; net:capture stop ID|all; net:capture"
          + " shows the captures")
  public synchronized CaptureReport capture(
      @Descriptor("INTERFACE FILE, stop ID, or nothing") String[] words) throws IOException {
    CaptureRequest request = CaptureRequest.parse(words);
    if (request.isList()) {
      return report(captures);
    }
    return report(request.isStop() ? stop(request.second()) : List.of(start(request)));
  }

  private Running start(CaptureRequest request) throws IOException {
    StackView stack = stack(request.stack());
    CaptureSettings settings = request.settings(linkType(stack, request.first()));
    if (Files.isDirectory(settings.target())) {
      throw new CaptureException("'" + settings.target() + "' is a folder, not a file or a pipe");
    }
    Capture capture = new Capture(SystemRuntime.get(), settings);
    Dictionary<String, Object> properties = new Hashtable<>();
    properties.put(SlotObserver.STACK, stack.name());
    Running running =
        new Running(
            ++lastId,
            stack.name(),
            capture,
            context.registerService(SlotObserver.class, capture, properties));
    captures.add(running);
    return running;
  }

  private List<Running> stop(String which) {
    List<Running> ended =
        captures.stream()
            .filter(each -> which.equals("all") || which.equals(String.valueOf(each.id)))
            .toList();
    if (ended.isEmpty() && !which.equals("all")) {
      throw new CaptureException(
          "no capture '"
              + which
              + "': there is "
              + captures.stream().map(each -> String.valueOf(each.id)).toList());
    }
    ended.forEach(Running::end);
    captures.removeAll(ended);
    return ended;
  }

  private static CaptureReport report(List<Running> shown) {
    return new CaptureReport(shown.stream().map(Running::line).toList());
  }

  private static LinkType linkType(StackView stack, String slot) {
    List<InterfaceView> all = stack.interfaces();
    return all.stream()
        .filter(each -> each.name().equals(slot))
        .findFirst()
        .map(InterfaceView::linkType)
        .orElseThrow(() ->
            new CaptureException(
                "stack "
                    + stack.name()
                    + " has no interface '"
                    + slot
                    + "': there is "
                    + all.stream().map(InterfaceView::name).toList()));
  }

  private StackView stack(@Nullable String name) {
    return stacks.entrySet().stream()
        .filter(each -> name == null || each.getKey().name().equals(name))
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElseThrow(() ->
            new CaptureException(
                "no stack '"
                    + (name == null ? "" : name)
                    + "': there is "
                    + stacks.keySet().stream().map(StackView::name).sorted().toList()));
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  synchronized void bindStack(StackView stack, Map<String, ?> properties) {
    int ranking = properties.get(Constants.SERVICE_RANKING) instanceof Integer number ? number : 0;
    stacks.put(stack, ranking);
  }

  synchronized void unbindStack(StackView stack) {
    stacks.remove(stack);
  }
}
