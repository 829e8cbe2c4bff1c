package org.penstock.shell.internal.view;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.penstock.api.TransportAddress;
import org.penstock.shell.internal.table.Column;
import org.penstock.shell.internal.table.Layout;
import org.penstock.shell.internal.table.Rows;
import org.penstock.shell.internal.table.Units;
import org.penstock.tdi.AddressInfo;
import org.penstock.tdi.ConnectionInfo;
import org.penstock.tdi.Transport;

/** A transport's objects as reports. */
public final class TransportReports {

  private static final Layout<AddressInfo> FILES =
      Layout.of(
          Column.text("PROTO", info -> info.protocol().name().toLowerCase(Locale.ROOT)),
          Column.text("LOCAL", info -> StackReports.address(info.local())),
          Column.text("SHARE", info -> info.shared() ? "shared" : "exclusive"),
          Column.text("CLIENT", AddressInfo::client),
          Column.number("HANDLES", AddressInfo::handles),
          Column.number("ENDPOINTS", AddressInfo::endpoints),
          Column.text("LISTENER", info -> info.listening() ? "yes" : ""),
          Column.number("CONNECTIONS-WAITING", AddressInfo::waitingConnections),
          Column.number("LISTENS-WAITING", AddressInfo::waitingListens),
          Column.number("DATAGRAMS-WAITING", AddressInfo::waitingDatagrams),
          Column.text("HANDLERS", AddressInfo::handlers));

  private static final Layout<ConnectionInfo> ENDPOINTS =
      Layout.of(
          Column.number("ID", ConnectionInfo::id),
          Column.text("CLIENT", ConnectionInfo::client),
          Column.text("STATE", info -> info.state().name().replace('_', '-')),
          Column.text("LOCAL", info -> addressOf(info.local())),
          Column.text("REMOTE", info -> addressOf(info.remote())),
          Column.number("SENT", info -> Units.bytes(info.bytesSent())),
          Column.number("RECEIVED", info -> Units.bytes(info.bytesReceived())),
          Column.number("SENDS-WAITING", ConnectionInfo::pendingSends),
          Column.number("RECEIVES-WAITING", ConnectionInfo::pendingReceives),
          Column.number("CELL", ConnectionInfo::cell));

  private TransportReports() {}

  /** Its open address files. */
  public static Rows<AddressInfo> files(Transport transport) {
    return new Rows<>(transport.addressFiles(), FILES, "no address files");
  }

  /** Its open connection endpoints. */
  public static Rows<ConnectionInfo> endpoints(Transport transport) {
    return new Rows<>(transport.endpoints(), ENDPOINTS, "no endpoints");
  }

  private static String addressOf(@Nullable TransportAddress address) {
    return address == null ? "" : StackReports.address(address);
  }
}
