/**
 * The parts of an iperf3 test: the control connection ({@code ControlInput}, {@code ControlState},
 * {@code Exchange}), the streams that carry the load ({@code DataStream}), and the two ends that
 * run it ({@code ServerTest}, {@code ClientTest}).
 */
@NullMarked
package org.penstock.service.iperf3.internal;

import org.jspecify.annotations.NullMarked;
