/**
 * The transport layer: address files, connection endpoints and control channels over one stack's
 * TCP and UDP.
 *
 * <p>Every object is opened through a {@link org.penstock.tdi.Client}. What objects are asked for
 * is a {@link org.penstock.tdi.Request}: asynchronous, cancellable, reusable, completed exactly
 * once with a {@link org.penstock.tdi.Status} and a count of bytes. Each request has a blocking
 * form and one that returns a {@code CompletionStage}, as conveniences over it.
 *
 * <pre>{@code
 * // A server by events: every connection gets an endpoint, every byte is echoed.
 * AddressFile file = client.openAddress(Protocol.TCP, TransportAddress.of("0.0.0.0", 7));
 * file.onReceive((endpoint, data) -> { …; data.took(data.length()); });
 * file.onConnect(offer -> offer.accept(client.openEndpoint(file, null)));
 *
 * // A client that blocks.
 * try (AddressFile any = client.openAddress(Protocol.TCP, TransportAddress.ANY_IPV4);
 *     ConnectionEndpoint endpoint = client.openEndpoint(any, null)) {
 *   endpoint.connect(TransportAddress.parse("192.0.2.2:80"), Duration.ofSeconds(5));
 *   endpoint.send(request, Duration.ofSeconds(5));
 *   while (endpoint.receive(buffer, Duration.ofSeconds(5)) > 0) { … }
 * }
 * }</pre>
 *
 * <p><b>Levels.</b> Completions and event handlers are called at {@linkplain
 * org.penstock.api.concurrency.ExecutionLevel#DISPATCH dispatch} level, one at a time for each
 * object, on whichever thread left the stack. They must not block and may issue any request.
 */
@Export
@Version("0.1.0")
@NullMarked
package org.penstock.tdi;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
