package org.penstock.tdi;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;
import org.penstock.api.view.StackView;

/**
 * Questions to the transport as a whole. All methods may be called from any thread; those of {@link
 * #stack} at passive level only.
 */
@ProviderType
public interface ControlChannel extends AutoCloseable {

  /** What the transport offers. */
  ProviderInfo providerInfo();

  /** Entity lists, tables and statistics of the stack below. */
  StackView stack();

  /** Every open handle of an address file. */
  List<AddressInfo> addressFiles();

  /** Every open connection endpoint. */
  List<ConnectionInfo> endpoints();

  /** Closes the channel. */
  @Override
  void close();
}
